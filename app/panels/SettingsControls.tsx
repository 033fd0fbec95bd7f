import type { QConfigName } from '../../src/index';
import { useStudio } from '../store/context';
import { QCONFIGS, SEMANTICS } from '../store/vocabulary';
import { ChoiceSelect } from './ChoiceSelect';
import { MethodControls } from './MethodControls';
import { Segmented } from './Segmented';

const qconfigWords = (name: QConfigName): string | undefined =>
  QCONFIGS.find(({ value }) => value === name)?.title;

/** What every step is computed from. They rest while a job runs on the old settings. */
export function SettingsControls() {
  const settings = useStudio((studio) => studio.settings);
  const busy = useStudio((studio) => studio.job !== null);
  const change = useStudio((studio) => studio.changeSettings);
  return (
    <>
      <Segmented
        label="Semantics"
        isByGraph
        term="semantics"
        choices={SEMANTICS}
        value={settings.semantics}
        disabledReason={busy ? 'A job is running on these settings' : null}
        onChange={(semantics) => void change({ semantics })}
      />
      <ChoiceSelect
        label="QConfig"
        term="qconfig"
        hint={`${settings.qconfig}: ${qconfigWords(settings.qconfig)}.`}
        choices={QCONFIGS}
        value={settings.qconfig}
        disabled={busy}
        onChange={(qconfig) => void change({ qconfig })}
      />
      <MethodControls />
    </>
  );
}
