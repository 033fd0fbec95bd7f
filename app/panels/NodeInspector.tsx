import type { NodeDetails } from '../../src/index';
import { Termed } from '../glossary/Term';
import { NodePlots } from '../plots/NodePlots';
import { useStudio } from '../store/context';
import { ByHand } from './ByHand';
import { ColumnFigures } from './ColumnFigures';
import { DecisionTag } from './DecisionTag';
import { formatDb, formatGain, gainTone, tidy } from './format';
import { NodeDifferences } from './NodeDifferences';
import { NodeFailure } from './NodeFailure';
import { ObserverTable } from './ObserverTable';
import { PathButtons } from './PathButtons';
import { LAYER_SQNR, LAYER_SQNR_TITLE } from './words';

function NodeLinks({ title, nodes }: { title: string; nodes: readonly string[] }) {
  const goTo = useStudio((studio) => studio.goTo);
  if (nodes.length === 0) return null;
  return (
    <>
      <dt>{title}</dt>
      <dd className="links">
        {nodes.map((node) => (
          <a
            key={node}
            href={`#${node}`}
            onClick={(event) => {
              event.preventDefault();
              goTo(node);
            }}
          >
            {node}
          </a>
        ))}
      </dd>
    </>
  );
}

function Decision({ layer }: { layer: NonNullable<NodeDetails['layer']> }) {
  const { plain, equalized } = layer.sqnr;
  return (
    <>
      {layer.decision !== null && (
        <p className="decision">
          <DecisionTag decision={layer.decision} />{' '}
          {layer.rule !== null && <b className="rule">{layer.rule}.</b>} {tidy(layer.reason)}
        </p>
      )}
      {plain !== null && (
        <p className="layer-sqnr" title={LAYER_SQNR_TITLE}>
          <span>
            <Termed>{LAYER_SQNR}</Termed>
          </span>
          <b>
            {formatDb(plain)} → {formatDb(equalized)} dB
          </b>
          <span className={gainTone(layer.sqnr)}>{formatGain(plain, equalized)}</span>
        </p>
      )}
    </>
  );
}

/** Everything about one node at one step. */
export function NodeInspector({ details }: { details: NodeDetails }) {
  const facts: readonly (readonly [string, string])[] = [
    ['target', details.target],
    ['shape', details.shape],
    ...details.attributes,
  ];
  return (
    <>
      <h2 className="inspector-name">{details.name}</h2>
      <p className="dim node-type">
        {details.type === details.opcode ? details.type : `${details.type} · ${details.opcode}`}
      </p>
      <PathButtons node={details.name} />
      <NodeFailure node={details.name} />
      <p className="fx-line">{details.line}</p>
      {details.layer !== null && (
        <>
          <Decision layer={details.layer} />
          <ByHand key={details.name} details={details} layer={details.layer} />
        </>
      )}
      <NodeDifferences details={details} />
      {details.observer !== null && <ObserverTable observer={details.observer} />}
      <ColumnFigures details={details} />
      <NodePlots details={details} />
      <dl className="facts">
        {facts
          .filter(([, value]) => value !== '')
          .map(([name, value]) => [
            <dt key={`${name}:`}>{name}</dt>,
            <dd key={name} className="mono">
              {tidy(value)}
            </dd>,
          ])}
        <NodeLinks title="inputs" nodes={details.inputs} />
        <NodeLinks title="users" nodes={details.users} />
      </dl>
    </>
  );
}
