import { useEffect, useState } from 'react';
import { useStudio } from '../store/context';
import { droppedFiles } from './data/droppedFiles';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/**
 * Takes files dropped anywhere. The listeners sit on the window itself and not on an element over the page, so
 * that no part of the page can miss a drop (the browser would then leave the page and open the file).
 */
export function WindowDrop() {
  const openDropped = useStudio((studio) => studio.openDropped);
  const [over, setOver] = useState(false);
  useEffect(() => {
    const listeners = new AbortController();
    const listen = (type: 'dragenter' | 'dragover' | 'dragleave' | 'drop', act: (event: DragEvent) => void) =>
      window.addEventListener(type, (event) => hasFiles(event) && act(event), { signal: listeners.signal });
    listen('dragenter', () => setOver(true));
    listen('dragover', (event) => event.preventDefault());
    // Leaving one element for another inside the page also fires; leaving the window has no relatedTarget.
    listen('dragleave', (event) => event.relatedTarget === null && setOver(false));
    listen('drop', (event) => {
      event.preventDefault();
      setOver(false);
      void droppedFiles(event.dataTransfer).then(openDropped);
    });
    return () => listeners.abort();
  }, [openDropped]);
  if (!over) return null;
  return (
    <div className="drop-overlay">
      <p>
        <b>Drop to open</b>
        <span>
          Model: <code>.onnx</code> with its data files, <code>.pt2</code>, <code>.safetensors</code>,{' '}
          <code>.pt</code>, or <code>model.json</code> with its <code>.bin</code> files
        </span>
        <span>
          Calibration data: <code>.npy</code>, <code>.npz</code>, <code>.csv</code>, <code>.safetensors</code>
          , or images
        </span>
        <span>
          Evaluation data: the same, with an integer array <code>labels</code> or <code>y</code>
        </span>
      </p>
    </div>
  );
}
