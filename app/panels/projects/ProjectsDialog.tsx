import { Button } from '@mantine/core';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { ProjectRow } from '../../engine/projects/api';
import { useStudio } from '../../store/context';
import { STEP_WORDS } from '../../store/vocabulary';
import { formatCount } from '../format';

const bytes = (count: number): string => `${formatCount(count)}B`;
const day = (time: number): string =>
  time === 0 ? '—' : new Date(time).toLocaleString([], { dateStyle: 'short', timeStyle: 'short' });

function NameField({ row, onDone }: { row: ProjectRow; onDone: () => void }) {
  const rename = useStudio((studio) => studio.renameProject);
  const [name, setName] = useState(row.name);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void rename(row.id, name);
    onDone();
  };
  return (
    <form className="project-rename" onSubmit={submit}>
      <input
        ref={input}
        value={name}
        maxLength={120}
        aria-label={`New name of ${row.name}`}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" size="compact-xs" disabled={name.trim() === ''}>
        Rename
      </Button>
    </form>
  );
}

/** Deleting asks once more, in place. */
function DeleteButton({ row }: { row: ProjectRow }) {
  const deleteProject = useStudio((studio) => studio.deleteProject);
  const [asked, setAsked] = useState(false);
  if (!asked)
    return (
      <Button
        size="compact-xs"
        variant="default"
        disabled={row.elsewhere}
        aria-label={`Delete ${row.name}…`}
        onClick={() => setAsked(true)}
      >
        Delete…
      </Button>
    );
  return (
    <>
      <Button
        size="compact-xs"
        color="red"
        aria-label={`Delete ${row.name} for good`}
        onClick={() => void deleteProject(row.id)}
      >
        Delete for good
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => setAsked(false)}>
        Keep
      </Button>
    </>
  );
}

function Row({ row, onOpened }: { row: ProjectRow; onOpened: () => void }) {
  const isOpen = useStudio((studio) => studio.project?.id === row.id);
  const busy = useStudio((studio) => studio.job !== null);
  const openProject = useStudio((studio) => studio.openProject);
  const duplicate = useStudio((studio) => studio.duplicateProject);
  const [renaming, setRenaming] = useState(false);
  const last = row.steps.at(-1);
  const open = () => {
    onOpened();
    void openProject(row.id);
  };
  return (
    <tr data-project={row.name}>
      <th scope="row">
        {renaming ? <NameField row={row} onDone={() => setRenaming(false)} /> : row.name}
        {isOpen && <span className="chip">open</span>}
        {row.elsewhere && <span className="chip">open in another tab</span>}
      </th>
      <td>{row.model}</td>
      <td>{last === undefined ? '—' : STEP_WORDS[last].title}</td>
      <td className="num">{day(row.saved)}</td>
      <td className="num">{bytes(row.bytes)}</td>
      <td className="project-actions">
        <Button size="compact-xs" disabled={busy || isOpen} aria-label={`Open ${row.name}`} onClick={open}>
          Open
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`Rename ${row.name}`}
          disabled={row.elsewhere}
          onClick={() => setRenaming(!renaming)}
        >
          Rename
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`Duplicate ${row.name}`}
          onClick={() => void duplicate(row.id)}
        >
          Duplicate
        </Button>
        <DeleteButton row={row} />
      </td>
    </tr>
  );
}

function ProjectTable({ onOpened }: { onOpened: () => void }) {
  const view = useStudio((studio) => studio.projects);
  if (view === null) return <p className="dim">Looking…</p>;
  if (view.projects.length === 0)
    return <p className="dim">None yet. A model that you open becomes a project by itself.</p>;
  return (
    <>
      <section className="projects-scroll" aria-label="All projects">
        <table className="projects-table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Model</th>
              <th scope="col">Done to</th>
              <th scope="col">Saved</th>
              <th scope="col">Size</th>
              <th scope="col">Actions</th>
            </tr>
          </thead>
          <tbody>
            {view.projects.map((row) => (
              <Row key={row.id} row={row} onOpened={onOpened} />
            ))}
          </tbody>
        </table>
      </section>
      <p className="dim">
        {bytes(view.usage)} used of {bytes(view.quota)} that the browser lets this page keep.
      </p>
    </>
  );
}

function Dialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const show = useStudio((studio) => studio.showProjects);
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => show(false);
  return (
    <dialog ref={dialog} className="confirm projects" aria-labelledby={title} onCancel={close}>
      <h2 id={title}>Projects</h2>
      <p className="dim">Kept in this browser, and nowhere else: model, data, settings and results.</p>
      <ProjectTable onOpened={close} />
      <div className="confirm-buttons">
        <Button size="xs" variant="default" onClick={close}>
          Close
        </Button>
      </div>
    </dialog>
  );
}

/** All projects of this browser. */
export function ProjectsDialog() {
  const isOpen = useStudio((studio) => studio.projectsOpen);
  return isOpen ? <Dialog /> : null;
}
