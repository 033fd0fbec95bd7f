import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';

interface BoundaryProps {
  /** The part of the page, named in the message. */
  readonly part: string;
  readonly children: ReactNode;
}

/** Keeps a defect in one part of the page from taking the rest away. */
export class Boundary extends Component<BoundaryProps, { readonly message: string | null }> {
  override state: { readonly message: string | null } = { message: null };

  static getDerivedStateFromError(error: unknown) {
    return { message: error instanceof Error ? error.message : String(error) };
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
