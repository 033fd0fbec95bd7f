import { ActionIcon, Tooltip } from '@mantine/core';
import type { Action } from '../../actions/action';
import { PLAYBACK_ACTIONS } from '../../actions/playback';
import { OVER_GRAPH } from '../../panels/overGraph';
import { useStudio, useStudioStore } from '../../store/context';
import { countOf, grouped } from '../../store/counting';
import { changesOf, playedOf, positionOf, waitOf } from '../../store/playback/position';
import { SPEEDS } from '../../store/studio';
import { ChangeExplanation } from './ChangeExplanation';
import { PlaybackWait } from './PlaybackWait';
import { Timeline } from './Timeline';

const actionOf = (id: string): Action => {
  const found = PLAYBACK_ACTIONS.find((action) => action.id === id);
  if (found === undefined) throw new Error(`internal: there is no action '${id}'`);
  return found;
};

interface StepButtonProps {
  readonly action: Action;
  readonly label: string;
  readonly sign: string;
  readonly pressed?: boolean;
}

/** A button that stays where the focus is when it can do nothing more. */
function StepButton({ action, label, sign, pressed }: StepButtonProps) {
  const store = useStudioStore();
  const reason = useStudio((studio) => action.unavailable?.(studio) ?? null);
  return (
    <Tooltip label={reason ?? label} openDelay={400} {...OVER_GRAPH}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={26}
        aria-label={label}
        aria-pressed={pressed}
        aria-disabled={reason !== null || undefined}
        {...(reason !== null && { 'data-disabled': true })}
        onClick={() => {
          if (reason === null) action.run(store.getState());
        }}
      >
        <span aria-hidden>{sign}</span>
      </ActionIcon>
    </Tooltip>
  );
}

function SpeedSelect() {
  const speed = useStudio((studio) => studio.speed);
  const setSpeed = useStudio((studio) => studio.setSpeed);
  return (
    <select
      className="play-speed"
      aria-label="Speed"
      value={speed}
      onChange={(event) => {
        const chosen = SPEEDS.find((value) => String(value) === event.currentTarget.value);
        if (chosen !== undefined) setSpeed(chosen);
      }}
    >
      {SPEEDS.map((value) => (
        <option key={value} value={value}>
          {value}×
        </option>
      ))}
    </select>
  );
}

/** Plays the shown step's changes: buttons, a timeline, and what the last change did. */
export function TransportBar() {
  const count = useStudio((studio) => changesOf(studio).length);
  const isPlayed = useStudio((studio) => playedOf(studio) !== null);
  const isWaited = useStudio((studio) => waitOf(studio) !== null);
  const position = useStudio(positionOf);
  const playing = useStudio((studio) => studio.playing);
  // Two graphs side by side need the room; the keys play all the same, and bring the bar with them.
  const isBeside = useStudio((studio) => studio.mode === 'compare');
  if (count === 0 || (isBeside && !isPlayed && !isWaited)) return null;
  return (
    <section className={isBeside ? 'transport beside' : 'transport'} aria-label="Playback">
      <div className="transport-row">
        <div className="transport-buttons">
          <StepButton action={actionOf('first-change')} label="First change" sign="|◂" />
          <StepButton action={actionOf('previous-change')} label="Previous change" sign="◂" />
          <StepButton
            action={actionOf('play-changes')}
            label={playing ? 'Pause' : 'Play'}
            sign={playing ? '❚❚' : '▶'}
          />
          <StepButton action={actionOf('next-change')} label="Next change" sign="▸" />
          <StepButton action={actionOf('last-change')} label="Last change" sign="▸|" />
        </div>
        <Timeline />
        <span className="transport-position">
          {isPlayed ? `change ${grouped(position)} of ${grouped(count)}` : countOf(count, 'change')}
        </span>
        <SpeedSelect />
      </div>
      <PlaybackWait />
      {isPlayed && <ChangeExplanation />}
    </section>
  );
}
