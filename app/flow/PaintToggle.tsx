import { Tooltip } from '@mantine/core';
import { OVER_GRAPH } from '../panels/overGraph';
import { useStudio } from '../store/context';
import { nothingToPaint } from '../store/gains';
import { ToolToggle } from './ToolToggle';

/** Paints every layer by what equalization gained it. Convert measures that; until then there is nothing to paint. */
export function PaintToggle() {
  const isOn = useStudio((studio) => studio.painted);
  const isPaintable = useStudio(({ view }) => nothingToPaint(view) === null);
  const paint = useStudio((studio) => studio.paint);
  if (!isPaintable) return null;
  return (
    <Tooltip
      label="Colours each layer by what equalization gained its output: SQNR, int8 equalized against int8"
      openDelay={500}
      multiline
      maw={280}
      {...OVER_GRAPH}
    >
      <ToolToggle label="Paint by SQNR gain" isOn={isOn} onToggle={paint}>
        SQNR gain
      </ToolToggle>
    </Tooltip>
  );
}
