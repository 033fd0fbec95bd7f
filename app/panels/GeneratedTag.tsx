import { ABOUT_GENERATED, ON_GENERATED } from '../store/generatedSamples';

/** Marks figures that say little of real data. */
export function GeneratedTag() {
  return (
    <span className="tag caution" title={ABOUT_GENERATED}>
      {ON_GENERATED}
    </span>
  );
}
