/**
 * The two forms of the tags page: another name, and another tag. Enter takes, Escape leaves.
 *
 * Refuses to merge unannounced: a name that another tag has turns the button into a merge before it is pressed.
 */

import { folded } from '../tag_names.js';

/** @import { Tag } from "../views.js" */

const FOR_EVER = 'This cannot be undone.';

/**
 * A form for another name.
 * @param {Tag} tag
 * @param {Tag[]} others
 * @param {{rename: (name: string) => void, merge: (into: Tag) => void, cancel: () => void}} ends
 * @returns {HTMLFormElement}
 */
export function renameForm(tag, others, ends) {
  const input = document.createElement('input');
  input.type = 'text';
  input.maxLength = 255;
  input.dir = 'auto';
  input.spellcheck = false;
  input.value = tag.name;
  const twin = () => others.find((one) => folded(one.name) === folded(input.value));
  const { form, submit, note } = formOf(`New name of “${tag.name}”`, input, 'Rename', ends.cancel);
  input.addEventListener('input', () => {
    const other = twin();
    submit.textContent = other ? `Merge into “${other.name}”` : 'Rename';
    note.textContent = other ? `There is a tag “${other.name}”. The two become one. ${FOR_EVER}` : '';
  });
  form.addEventListener('submit', () => {
    const other = twin();
    if (other) ends.merge(other);
    else ends.rename(input.value);
  });
  return form;
}

/**
 * A form for the tag to become one with.
 * @param {Tag} tag
 * @param {Tag[]} others one at least
 * @param {{merge: (into: Tag) => void, cancel: () => void}} ends
 * @returns {HTMLFormElement}
 */
export function mergeForm(tag, others, ends) {
  const select = document.createElement('select');
  const byName = others.toSorted((a, b) => a.name.localeCompare(b.name));
  select.append(...byName.map((one) => new Option(one.name, one.key)));
  const { form, note } = formOf(`Merge “${tag.name}” into`, select, 'Merge', ends.cancel);
  note.textContent = `Every paper with “${tag.name}” gets the other tag. ${FOR_EVER}`;
  form.addEventListener('submit', () => {
    const into = byName.find((one) => one.key === select.value);
    if (into) ends.merge(into);
  });
  return form;
}

/** @param {string} text @param {HTMLElement} field @param {string} verb @param {() => void} cancel */
function formOf(text, field, verb, cancel) {
  const form = document.createElement('form');
  const label = form.appendChild(document.createElement('label'));
  label.textContent = text;
  label.htmlFor = field.id = 'field';
  const row = form.appendChild(document.createElement('div'));
  row.className = 'row';
  const submit = document.createElement('button');
  submit.className = 'primary';
  submit.textContent = verb;
  const leave = document.createElement('button');
  leave.type = 'button';
  leave.textContent = 'Cancel';
  leave.addEventListener('click', cancel);
  row.append(field, submit, leave);
  const note = form.appendChild(document.createElement('p'));
  note.className = 'why';
  note.setAttribute('aria-live', 'polite');
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('keydown', (event) => event.key === 'Escape' && cancel());
  return { form, submit, note };
}
