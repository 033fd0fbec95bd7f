import type { Form } from '../../src/index';
import { tidy } from '../panels/format';
import { Segmented } from '../panels/Segmented';
import { useStudio } from '../store/context';

/** Which of the quantized model's two graphs is drawn, printed and exported as text; only Convert has two. */
export function FormChoice() {
  const forms = useStudio((studio) => studio.view.steps[studio.shown]?.forms ?? null);
  const form = useStudio((studio) => studio.form);
  const setForm = useStudio((studio) => studio.setForm);
  if (forms === null) return null;
  return (
    <Segmented<Form>
      label="Form"
      isByGraph
      choices={[
        {
          value: 'reference',
          label: 'Reference',
          title: 'PyTorch’s reference form: every value to its grid and back, float ops between',
          available: true,
        },
        {
          value: 'lowered',
          label: 'Lowered',
          title:
            forms.error === null
              ? 'Lowered as convert_fx does: quantized modules and functions with their scale and zero point'
              : tidy(forms.error.message),
          available: forms.lowered !== null,
        },
      ]}
      value={forms.lowered === null ? 'reference' : form}
      onChange={setForm}
    />
  );
}
