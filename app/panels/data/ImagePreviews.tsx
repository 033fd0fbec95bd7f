import { useEffect, useRef } from 'react';
import type { ImagePreview } from '../../../src/index';
import { useStudio } from '../../store/context';
import { formatNumber } from '../format';

/** Three digits tell whether values are right, and a range of them stays on one line. */
const rangeNumber = (value: number): string => formatNumber(Number(value.toPrecision(3)));

function Picture({ preview }: { preview: ImagePreview }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { name, width, height, rgba, min, max, label } = preview;
  useEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0);
  }, [rgba, width, height]);
  const file = name.slice(name.lastIndexOf('/') + 1);
  return (
    <li>
      <canvas ref={canvas} width={width} height={height} role="img" aria-label={name} title={name} />
      <span className="preview-name">{label ?? file}</span>
      <span className="mono">
        {rangeNumber(min)} … {rangeNumber(max)}
      </span>
    </li>
  );
}

/** The first images as the model sees them, with the range of their values. */
export function ImagePreviews() {
  const previews = useStudio((studio) => studio.previews);
  return (
    <ul className="previews" aria-label="What the model sees">
      {previews.map((preview) => (
        <Picture key={preview.name} preview={preview} />
      ))}
    </ul>
  );
}
