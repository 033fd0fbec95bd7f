import { ON_GENERATED } from '../store/generatedSamples';

/** Marks figures that say little of real data. */
export function GeneratedTag() {
  return (
    <span
      className="tag caution"
      title="The studio made these samples up: ranges and figures say little of real data"
    >
      {ON_GENERATED}
    </span>
  );
}
