import { Button, Tooltip } from '@mantine/core';
import { useStudio } from '../store/context';

/** Paints every layer by what equalization gained it. Convert measures that; until then there is nothing to paint. */
export function PaintToggle() {
  const isOn = useStudio((studio) => studio.painted);
  const isMeasured = useStudio((studio) => studio.view.results !== null);
  const paint = useStudio((studio) => studio.paint);
  if (!isMeasured) return null;
  return (
    <Tooltip
      label="Colours each layer by what equalization gained its output: SQNR, int8 equalized against int8"
      openDelay={500}
      multiline
      maw={280}
    >
      <Button
        className="paint-toggle"
        size="compact-sm"
        h={28}
        variant="default"
        aria-label="Paint by SQNR gain"
        aria-pressed={isOn}
        onClick={() => paint(!isOn)}
      >
        SQNR gain
      </Button>
    </Tooltip>
  );
}
