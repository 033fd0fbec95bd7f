import { Button, Tooltip } from '@mantine/core';
import { useStudio } from '../store/context';
import type { Studio } from '../store/studio';
import { BESIDE_TITLES } from '../store/vocabulary';

/** In words, why the check cannot start; null when it can. */
function reasonAgainst({ job, view }: Studio): string | null {
  if (view.model === null) return 'Open a model first';
  if (view.calibration === null) return 'Needs calibration data';
  return job === null ? null : 'Wait for the job that is running';
}

/** Runs the exports in ONNX Runtime. Never `disabled`, so that the focus stays on it while its job runs. */
export function RuntimeButton() {
  const reason = useStudio(reasonAgainst);
  const check = useStudio((studio) => studio.checkRuntime);
  return (
    <Tooltip
      label={reason ?? 'Runs what can be exported in ONNX Runtime and compares'}
      openDelay={300}
      position="left"
    >
      <Button
        size="compact-sm"
        h={28}
        px={10}
        variant="default"
        aria-label={BESIDE_TITLES.checkRuntime}
        aria-disabled={reason !== null}
        {...(reason === null ? {} : { 'data-disabled': true })}
        onClick={() => {
          if (reason === null) void check();
        }}
      >
        Check
      </Button>
    </Tooltip>
  );
}
