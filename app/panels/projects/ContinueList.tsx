import { useEffect } from 'react';
import { useStudio } from '../../store/context';
import { STEP_WORDS } from '../../store/vocabulary';

const SHOWN = 4;

/** The newest projects, on the first page. */
export function ContinueList() {
  const backend = useStudio((studio) => studio.backend);
  const projects = useStudio((studio) => studio.projects);
  const loadProjects = useStudio((studio) => studio.loadProjects);
  const openProject = useStudio((studio) => studio.openProject);
  const showProjects = useStudio((studio) => studio.showProjects);
  const busy = useStudio((studio) => studio.job !== null);
  useEffect(() => {
    if (backend !== null) void loadProjects();
  }, [backend, loadProjects]);
  if (projects === null || projects.projects.length === 0) return null;
  return (
    <>
      <h3>Continue</h3>
      <ul className="continue">
        {projects.projects.slice(0, SHOWN).map(({ id, name, steps }) => {
          const last = steps.at(-1);
          return (
            <li key={id}>
              <button type="button" disabled={busy} onClick={() => void openProject(id)}>
                Continue {name}
              </button>
              <span className="dim">{last === undefined ? '' : `done to ${STEP_WORDS[last].title}`}</span>
            </li>
          );
        })}
        <li>
          <button type="button" onClick={() => showProjects(true)}>
            All projects…
          </button>
        </li>
      </ul>
    </>
  );
}
