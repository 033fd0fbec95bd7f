import { download } from '../../panels/download';
import type { PlotFormat } from '../../store/plots/plotChoices';
import { zoomedTo } from '../../store/plots/plotSlice';
import type { Studio } from '../../store/studio';
import { plotColours } from '../picture';
import { type DrawnPlot, drawnPlot, plotDocument } from './drawnPlot';
import type { Size } from './paintFigure';
import { chartOf } from './usePlotted';

/** Least size of a saved plot: a small panel still gives a picture that can be read. */
const LEAST: Size = { width: 640, height: 320 };

/** The tab's own size where it is open: a plot is saved as it is seen. */
function sizeOnPage(): Size {
  const { width = 0, height = 0 } = document.querySelector('.plots')?.getBoundingClientRect() ?? {};
  return {
    width: Math.max(LEAST.width, Math.round(width)),
    height: Math.max(LEAST.height, Math.round(height)),
  };
}

/** A state of the store never changes, and the command palette asks about it several times. */
const plots = new WeakMap<Studio, DrawnPlot>();

/** The plot that is chosen, with or without the tab. */
export function plotNow(studio: Studio): DrawnPlot {
  const known = plots.get(studio);
  if (known !== undefined) return known;
  const { plotKind, plotLogs, plotSort } = studio;
  const chart = chartOf(plotKind, studio, { log: plotLogs.includes(plotKind), sort: plotSort });
  const drawn = drawnPlot(studio, chart);
  plots.set(studio, drawn);
  return drawn;
}

/** Saves the chosen plot and hands it to the browser's downloads; a failure is told on the page. */
export async function savePlot(studio: Studio, format: PlotFormat): Promise<void> {
  const plot = plotDocument(plotNow(studio), studio.plotKind, zoomedTo(studio), sizeOnPage());
  if (plot === null) return;
  try {
    const { plotFile } = await import('./exportPlot');
    const file = await plotFile(plot, format, plotColours(document.documentElement));
    download(file);
    studio.announce(`Exported ${file.name}`);
  } catch (error) {
    studio.report(error instanceof Error ? error.message : String(error), {
      title: 'The plot could not be saved',
      subject: 'export',
    });
  }
}
