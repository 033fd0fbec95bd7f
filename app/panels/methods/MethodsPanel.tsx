import { useStudio } from '../../store/context';
import type { MethodsView } from '../../store/studio';
import { AdviceTable } from './AdviceTable';
import { LayersPlot } from './LayersPlot';
import { MethodsBar } from './MethodsBar';
import { MethodsTable } from './MethodsTable';

const VIEWS: { readonly [V in MethodsView]: () => React.JSX.Element } = {
  comparison: MethodsTable,
  layers: LayersPlot,
  advice: AdviceTable,
};

/** Which way to equalize this model: methods side by side, layer by layer, and what each layer would gain. */
export function MethodsPanel() {
  const view = useStudio((studio) => studio.methodsView);
  const View = VIEWS[view];
  return (
    <div className="methods">
      <MethodsBar />
      <View />
    </div>
  );
}
