import { methodWords } from '../panels/methodWords';
import type { ReportDocument } from './document';
import { methodsSection, runtimeSection, semanticsSection } from './findings';
import { howSection } from './howSection';
import { layersSection, rangesSection } from './layersSections';
import { modelSection, notesSection, stepsSection, verdictSection, verificationSection } from './overview';
import { settingsSection } from './settingsSection';
import type { ReportSource } from './source';

/** Year, month, day and time as everybody reads them: `2026-03-05 14:07 UTC`. */
const dateWords = (date: Date): string => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** One report of a model, for both writers. */
export function reportDocument(source: ReportSource): ReportDocument {
  const { view, settings, date } = source;
  const name = view.model?.name ?? 'no model';
  return {
    title: `Equalization report: ${name}`,
    subtitle: `${settings.semantics} semantics, QConfig ${settings.qconfig}, ${methodWords(settings)} · ${dateWords(date)}`,
    sections: [
      verdictSection(source),
      modelSection(source),
      settingsSection(source),
      stepsSection(source),
      ...verificationSection(source),
      ...layersSection(source),
      ...rangesSection(source),
      ...methodsSection(source),
      ...semanticsSection(source),
      ...runtimeSection(source),
      ...notesSection(source),
      howSection(source),
    ],
  };
}
