import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useStudio } from '../store/context';

interface BoundaryProps {
  /** The part of the page, named in the message. */
  readonly part: string;
  readonly children: ReactNode;
}

interface CaughtProps extends BoundaryProps {
  /** Which opened model is drawn. */
  readonly serial: number;
}

interface Failure {
  readonly message: string | null;
}

/** Keeps a defect in one part of the page from taking the rest away, until another model is open. */
export function Boundary(props: BoundaryProps) {
  const serial = useStudio(({ modelSerial }) => modelSerial);
  return <Caught {...props} serial={serial} />;
}

export class Caught extends Component<CaughtProps, Failure> {
  override state: Failure = { message: null };

  static getDerivedStateFromError(error: unknown) {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  /** What failed with another model is tried again; what fails with this one, in the same moment, is not. */
  override componentDidUpdate(before: CaughtProps, was: Failure) {
    if (before.serial !== this.props.serial && was.message !== null) this.setState({ message: null });
  }

  override render() {
    const { message } = this.state;
    if (message === null) return this.props.children;
    return (
      <div role="alert" className="boundary">
        <p>
          internal: {this.props.part} could not be drawn: {message}
        </p>
        <Button size="compact-xs" variant="default" onClick={() => this.setState({ message: null })}>
          Draw it again
        </Button>
      </div>
    );
  }
}
