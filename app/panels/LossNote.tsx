import { Button } from '@mantine/core';
import type { ScaleEdit } from '../../src/index';
import { useStudio } from '../store/context';
import { countOf } from '../store/counting';
import { verdictOf } from '../store/verdict';

interface WayOut {
  readonly title: string;
  readonly act: () => void;
}

/** What may be done where equalization lost: each a choice that is there elsewhere too. */
function useWaysOut(losing: readonly string[], byHand: readonly ScaleEdit[]): readonly WayOut[] {
  const { semantics, method } = useStudio((studio) => studio.settings);
  const change = useStudio((studio) => studio.changeSettings);
  const equalize = useStudio((studio) => studio.equalizeLayers);
  const compare = useStudio((studio) => studio.compareMethods);
  const takeBack = useStudio((studio) => studio.takeBackScales);
  const setTab = useStudio((studio) => studio.setTab);
  if (semantics === 'pytorch')
    return [{ title: 'Use Exact', act: () => void change({ semantics: 'exact' }, 'Semantics: Exact') }];
  const compareThem = () => {
    setTab('methods');
    void compare();
  };
  return [
    ...(byHand.length === 0
      ? []
      : [{ title: `Take back ${countOf(byHand.length, 'scale')}`, act: () => void takeBack(byHand) }]),
    { title: 'Compare methods', act: compareThem },
    ...(method === 'auto'
      ? []
      : [{ title: 'Use auto', act: () => void change({ method: 'auto' }, 'Method: auto') }]),
    ...(losing.length === 0
      ? []
      : [{ title: `Leave out ${countOf(losing.length, 'layer')}`, act: () => void equalize(losing, 'off') }]),
  ];
}

/** Says in words that equalization made int8 worse, why that may be, and what to do next; of a gain, where it is too little. */
export function LossNote() {
  const view = useStudio((studio) => studio.view);
  const settings = useStudio((studio) => studio.settings);
  const busy = useStudio((studio) => studio.job !== null);
  const verdict = verdictOf(view, settings);
  const ways = useWaysOut(verdict?.losing.map(({ name }) => name) ?? [], verdict?.byHand ?? []);
  if (verdict === null || verdict.reasons.length === 0) return null;
  if (verdict.tone !== 'worse')
    return (
      <div className="loss-note">
        <p>{verdict.reasons.join(' ')}</p>
      </div>
    );
  return (
    <div className="loss-note">
      <p>
        <b>{verdict.result}</b> {verdict.reasons.join(' ')}
      </p>
      {ways.map(({ title, act }) => (
        <Button key={title} size="compact-xs" variant="default" disabled={busy} onClick={act}>
          {title}
        </Button>
      ))}
    </div>
  );
}
