import { EXPORTER } from '../panels/words';
import { CopyLines } from './CopyLines';

/** How a model comes out of PyTorch, in the two lines that it takes. */
export function FromPyTorch() {
  return (
    <section className="way">
      <h3>From PyTorch</h3>
      <p>
        Put{' '}
        <a className="exporter" href={EXPORTER.file} download={EXPORTER.file}>
          {EXPORTER.name}
        </a>{' '}
        beside your code (one file, needs only torch 1.13 or later) and run:
      </p>
      <CopyLines
        label="the lines for fx_export.py"
        lines={['import fx_export', "fx_export.export(model.eval(), 'model.safetensors')"]}
      />
      <p>
        Drop <code>model.safetensors</code> here: the graph has your own names. What you export comes back by{' '}
        <code>fx_export.load(file)</code>.
      </p>
    </section>
  );
}

export function FromElsewhere() {
  return (
    <section className="way">
      <h3>From torch.export, ONNX, TensorFlow</h3>
      <p>PyTorch 2.1 or later, without any other file:</p>
      <CopyLines
        label="the lines for torch.export"
        lines={[
          'program = torch.export.export(model.eval(), (example,))',
          "torch.export.save(program, 'model.pt2')",
        ]}
      />
      <p>
        An <code>.onnx</code> file opens as it is, operator set 6 or later, together with its data files if it
        has any; exports change only its weights. A layers model of TensorFlow.js is <code>model.json</code>{' '}
        with its <code>.bin</code> files.
      </p>
      <p>
        A state dict (<code>.pt</code>, <code>.pth</code>, <code>.safetensors</code>) has no graph: the studio
        proposes its layers and you check them.
      </p>
    </section>
  );
}

export function DataWays() {
  return (
    <section className="way">
      <h3>Data</h3>
      <p>A hundred typical inputs, for calibration; axis 0 counts samples:</p>
      <CopyLines
        label="the lines for data"
        lines={["np.save('calibration.npy', batch)", "np.savez('evaluation.npz', x=inputs, labels=classes)"]}
      />
      <p>
        Or <code>.csv</code>, <code>.safetensors</code>, images, a folder of them. With an integer array{' '}
        <code>labels</code> it is evaluation data and gives the accuracy. Without data the studio makes
        samples up.
      </p>
    </section>
  );
}
