// What the commands over REST have in common: words and options, exit codes, answers.
import { ApiProblem, api } from './api.mjs';

/** The call is wrong: exit code 2. */
export class WrongUse extends Error {}

/** It could not be done: exit code 1. */
export class Failed extends Error {
  constructor(message, remedy) {
    super(message);
    this.remedy = remedy;
  }
}

/**
 * Splits arguments into words and options. `options` names what is allowed: true for an option with a value, false for one without.
 */
export function parse(args, options) {
  const words = [];
  const values = {};
  for (let index = 0; index < args.length; index++) {
    const argument = args[index];
    if (!argument.startsWith('-') || argument === '-') {
      words.push(argument);
      continue;
    }
    const [name, inline] = argument.startsWith('--') && argument.includes('=') ? split(argument) : [argument, undefined];
    if (!(name in options)) throw new WrongUse(`there is no option '${name}'`);
    if (!options[name]) {
      if (inline !== undefined) throw new WrongUse(`${name} takes no value`);
      values[name.slice(2)] = true;
      continue;
    }
    const value = inline ?? args[++index];
    if (value === undefined) throw new WrongUse(`${name} needs a value`);
    values[name.slice(2)] = value;
  }
  return { words, values };
}

function split(argument) {
  const equals = argument.indexOf('=');
  return [argument.slice(0, equals), argument.slice(equals + 1)];
}

export function wholeNumber(name, text, min, max) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < min || number > max) {
    throw new WrongUse(`${name} takes a whole number from ${min} to ${max}, not '${text}'`);
  }
  return number;
}

/** The platform of the data directory; `guildhall` sets its address where it runs. */
export function platform() {
  if (!process.env.GUILDHALL_URL) throw new Failed('the platform does not run', 'guildhall up starts it');
  return api();
}

export async function repositories(client) {
  return (await client.get('/api/v1/repositories')).items;
}

/** The repository of a name or id. */
export async function repositoryNamed(client, name) {
  const all = await repositories(client);
  const found = all.find((repository) => repository.name === name || String(repository.id) === name);
  if (!found) {
    throw new Failed(`there is no repository '${name}'`, `known: ${all.map((each) => each.name).join(', ') || 'none'}`);
  }
  return found;
}

export function printJson(document) {
  console.log(JSON.stringify(document, null, 2));
}

/** Runs a command; its errors become a message, a remedy and an exit code. */
export async function run(command, action) {
  try {
    process.exitCode = (await action(process.argv.slice(2))) ?? 0;
  } catch (error) {
    console.error(`guildhall: ${error.message}`);
    if (error instanceof WrongUse) {
      console.error(`  guildhall ${command} --help`);
      process.exitCode = 2;
      return;
    }
    if (error.remedy) console.error(`  ${error.remedy}`);
    else if (error instanceof ApiProblem && error.code) console.error(`  code ${error.code}, HTTP ${error.status}`);
    else if (error.cause) console.error('  the platform does not answer: guildhall status');
    process.exitCode = 1;
  }
}
