import { Button, Checkbox } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ChannelOrder, DataOptions, ImageLayout, ImageSettings, ImageTarget } from '../../../src/index';
import { useStudio } from '../../store/context';
import type { Choice } from '../../store/vocabulary';
import { Segmented } from '../Segmented';
import { ImagePreviews } from './ImagePreviews';
import { Normalization } from './Normalization';
import { NumberField } from './NumberField';

const FITS: readonly Choice<ImageSettings['fit']>[] = [
  { value: 'whole', label: 'whole image', title: 'Stretched to the size', available: true },
  {
    value: 'crop',
    label: 'centre crop',
    title: 'The shorter side is resized, then the centre cut out: torchvision’s Resize and CenterCrop',
    available: true,
  },
];

const orders = (channels: ImageTarget['channels']): readonly Choice<ChannelOrder>[] => [
  { value: 'rgb', label: 'RGB', title: 'As PyTorch and PIL', available: channels !== 1 },
  { value: 'bgr', label: 'BGR', title: 'As OpenCV and Caffe', available: channels !== 1 },
  { value: 'grey', label: 'grey', title: 'One channel, PIL’s luma', available: channels !== 3 },
];

const LAYOUTS: readonly Choice<ImageLayout>[] = [
  { value: 'nchw', label: 'NCHW', title: 'Channels first: PyTorch, ONNX', available: true },
  { value: 'nhwc', label: 'NHWC', title: 'Channels last: TensorFlow', available: true },
];

interface PartProps {
  readonly settings: ImageSettings;
  readonly target: ImageTarget;
  readonly set: (patch: Partial<ImageSettings>) => void;
}

/** What is cut out of an image, and to which size. */
function Size({ settings, target, set }: PartProps) {
  const { width, height, fit, shorterSide } = settings;
  return (
    <>
      <div className="form-row">
        <NumberField
          label="Width"
          shown="width"
          value={width}
          readOnly={target.width !== null}
          onChange={(value) => set({ width: value ?? 0 })}
        />
        <NumberField
          label="Height"
          shown="height"
          value={height}
          readOnly={target.height !== null}
          onChange={(value) => set({ height: value ?? 0 })}
        />
      </div>
      <div className="form-row">
        <Segmented label="Fit" choices={FITS} value={fit} onChange={(next) => set({ fit: next })} />
        {fit === 'crop' && (
          <NumberField
            label="Shorter side"
            shown="of"
            value={shorterSide}
            onChange={(value) => set({ shorterSide: value ?? 0 })}
          />
        )}
      </div>
    </>
  );
}

/** Channels, their order, and which images count. */
function Channels({ settings, target, set }: PartProps) {
  return (
    <>
      <div className="form-row">
        <Segmented
          label="Channels"
          choices={orders(target.channels)}
          value={settings.channels}
          onChange={(channels) => set({ channels })}
        />
        {target.layout === null && (
          <Segmented
            label="Layout"
            choices={LAYOUTS}
            value={settings.layout}
            onChange={(layout) => set({ layout })}
          />
        )}
      </div>
      <div className="form-row">
        <NumberField
          label="At most this many images"
          shown="at most"
          mayBeEmpty
          value={settings.atMost}
          onChange={(atMost) => set({ atMost })}
        />
        <span className="dim">images</span>
        <Checkbox
          size="xs"
          label="labels from class folders"
          checked={settings.folderLabels}
          onChange={(event) => set({ folderLabels: event.currentTarget.checked })}
        />
      </div>
    </>
  );
}

function Form({ images }: { images: NonNullable<DataOptions['images']> }) {
  const { target, normalizations } = images;
  const [settings, setSettings] = useState(images.settings);
  const busy = useStudio((studio) => studio.job !== null);
  const changeImages = useStudio((studio) => studio.changeImages);
  const set = (patch: Partial<ImageSettings>) => setSettings({ ...settings, ...patch });
  return (
    <form
      className="data-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void changeImages(settings);
      }}
    >
      <Size settings={settings} target={target} set={set} />
      <Channels settings={settings} target={target} set={set} />
      <Normalization settings={settings} known={normalizations} onChange={setSettings} />
      <div className="form-row">
        <Button type="submit" size="compact-sm" aria-disabled={busy}>
          Apply
        </Button>
        <span className="dim">Below: what the model sees now, with the range of its values.</span>
      </div>
      <ImagePreviews />
      <p className="dim">
        Resized by the browser’s high-quality filter. PIL’s, which PyTorch uses, differs by a few steps of
        255; photographs are turned upright, transparent parts are white.
      </p>
    </form>
  );
}

/** How the images that are open become the model's input. */
export function ImageForm() {
  const options = useStudio((studio) => studio.dataOptions);
  const load = useStudio((studio) => studio.loadDataOptions);
  useEffect(() => {
    if (options === null) void load();
  }, [options, load]);
  if (options === null) return <p className="dim">Looking at the images…</p>;
  if (options.images === null) return <p>{options.imagesRefused}</p>;
  return <Form images={options.images} />;
}
