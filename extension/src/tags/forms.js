/**
 * The two forms of the tags page: another name, and another tag. Enter takes, Escape leaves.
 *
 * Refuses to merge unannounced: a name that another tag has turns the button into a merge before it is pressed.
 */

import { word } from '../browser_ui.js';
import { folded } from '../tag_names.js';

/** @import { Tag } from "../views.js" */

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
  const { form, submit, note } = formOf(word('tag_new_name', tag.name), input, word('tag_rename'), ends.cancel);
  input.addEventListener('input', () => {
    const other = twin();
    submit.textContent = other ? word('tag_merge_into', other.name) : word('tag_rename');
    note.textContent = other ? word('tag_twin', other.name) : '';
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
  const { form, note } = formOf(word('tag_merge_what', tag.name), select, word('tag_merge'), ends.cancel);
  note.textContent = word('tag_merge_why', tag.name);
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
  leave.textContent = word('cancel');
  leave.addEventListener('click', cancel);
  row.append(field, submit, leave);
  const note = form.appendChild(document.createElement('p'));
  note.className = 'why';
  note.setAttribute('aria-live', 'polite');
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('keydown', (event) => event.key === 'Escape' && cancel());
  return { form, submit, note };
}
