import { useStudio } from '../../store/context';

/** Names of modules differ at their ends: where one is cut, its end stays. */
const TAIL = 14;
const LONG = 30;

/** A layer's name, which leads to its node. */
export function LayerLink({ layer }: { layer: string }) {
  const goTo = useStudio((studio) => studio.goTo);
  return (
    <a
      href={`#${layer}`}
      className="layer-name"
      onClick={(event) => {
        event.preventDefault();
        goTo(layer);
      }}
      {...(layer.length > LONG ? { 'aria-label': layer, title: layer } : {})}
    >
      {layer.length > LONG ? (
        <>
          <span className="name-start">{layer.slice(0, -TAIL)}</span>
          <span>{layer.slice(-TAIL)}</span>
        </>
      ) : (
        layer
      )}
    </a>
  );
}
