import { useStudio } from '../../store/context';
import { BarPopover } from '../BarPopover';
import { GenerateForm } from './GenerateForm';
import { ImageForm } from './ImageForm';

/** Under the data's rows: the settings of images, and data made up where there is none. */
export function DataTools() {
  const { model, calibration, evaluation } = useStudio((studio) => studio.view);
  const waits = useStudio((studio) => studio.imagesWait);
  if (model === null) return null;
  const hasImages = waits || calibration?.origin === 'images' || evaluation?.origin === 'images';
  return (
    <div className="data-tools">
      <BarPopover button="Generate…" title="Generated samples" position="right-start">
        {(close) => <GenerateForm close={close} />}
      </BarPopover>
      {hasImages && (
        <BarPopover button="Images…" title="Images" position="right-start">
          {() => <ImageForm />}
        </BarPopover>
      )}
    </div>
  );
}
