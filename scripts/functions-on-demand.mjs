import remapping from '@jridgewell/remapping';
import { parse } from 'acorn';
import { analyze } from 'eslint-scope';
import MagicString from 'magic-string';

const SYNTAX = { ecmaVersion: 2022, sourceType: 'module' };

/** Fewer in one scope are not worth the function that makes them. */
const MIN_FUNCTIONS = 4;

/** Whoever calls this has all functions of his scopes forgotten: those still wanted are made again. */
const FORGET = 'forgetFunctions';

/**
 * Has functions made when they are first called, in place of when their scope is entered:
 *
 * ```js
 * function twice(x) { return 2 * x; }   var twice;
 * twice(1);                             (twice || make(0))(1);
 *                                       function make(at) { switch (at) { case 0: return (twice = function (x) { return 2 * x; }); } }
 * ```
 *
 * k6's engine makes every function of a bundle anew in every VU, 775 bytes each, and a VU calls a third of them.
 *
 * @param {{code: string, map: object}} module
 * @param {(found: {name: string, length: number, isOutermost: boolean}) => boolean} isWanted whether a function is to be among them.
 * @returns {{code: string, map: object}}
 */
export function functionsOnDemand({ code, map }, isWanted) {
  const text = new MagicString(code);
  const tree = parse(code, { ...SYNTAX, ranges: true });
  setParents(tree);
  const { globalScope, scopes } = analyze(tree, SYNTAX);
  const [module] = globalScope.childScopes;
  const forgetter = globalScope.through.find(({ identifier }) => identifier.name === FORGET)?.identifier;
  for (const [index, { block, variables }] of scopes.entries()) {
    const body = block.type === 'Program' ? block : block.body;
    const isOutermost = block === module.block;
    const found = variables.filter(
      (variable) =>
        isMovable(variable, body) &&
        isWanted({ name: variable.name, length: lengthOf(variable), isOutermost }),
    );
    if (found.length < MIN_FUNCTIONS) continue;
    const forget = forgetter?.start > block.start && forgetter.end < block.end ? FORGET : null;
    move(text, body, found, { make: `make$${index}`, aliases: aliasesOf(variables), forget });
  }
  const moved = text.generateMap({ source: 'moved', hires: 'boundary' });
  return { code: text.toString(), map: remapping(moved, (file) => (file === 'moved' ? map : null)) };
}

const lengthOf = ({ defs: [{ node }] }) => node.end - node.start;

function setParents(node) {
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) for (const child of value) setParent(child, node);
    else setParent(value, node);
  }
}

function setParent(child, node) {
  if (typeof child?.type !== 'string' || 'parent' in child) return;
  child.parent = node;
  setParents(child);
}

/** Where the function that makes the others goes: behind all of them. */
function endOf(body) {
  return body.type === 'Program' ? body.body.at(-1).end : body.end - 1;
}

/** A plain function of a body, neither its end, nor exported, nor given another value or properties of its own. */
function isMovable({ defs, references }, body) {
  const [def] = defs;
  if (defs.length !== 1 || def.type !== 'FunctionName' || def.node.generator || def.node.parent !== body)
    return false;
  if (def.node.end === endOf(body)) return false;
  return references.every((reference) => {
    const { parent } = reference.identifier;
    const isOwner = parent.type === 'MemberExpression' && parent.parent.left === parent;
    return !reference.isWrite() && parent.type !== 'ExportSpecifier' && !isOwner;
  });
}

/** `var other = twice;`: what is read under another name, by the name. */
function aliasesOf(variables) {
  return new Map(
    variables.flatMap((variable) => {
      const [def] = variable.defs;
      const isAlias = variable.defs.length === 1 && def.node.init?.type === 'Identifier';
      const reads = variable.references.filter(({ init }) => !init);
      const isConstant = reads.every(
        (read) => !read.isWrite() && read.identifier.parent.type !== 'ExportSpecifier',
      );
      return isAlias && isConstant ? [[def.node.init, { node: def.node, reads }]] : [];
    }),
  );
}

function move(text, body, found, { make, aliases, forget }) {
  const end = endOf(body);
  const names = found.map(({ name }) => name);
  text.appendLeft(end, `\nvar ${names.join(', ')};\n`);
  if (forget !== null) text.appendLeft(end, `function ${forget}() {\n${names.join(' = ')} = void 0;\n}\n`);
  text.appendLeft(end, `function ${make}(at) {\nswitch (at) {\n`);
  for (const [at, { name, defs, references }] of found.entries()) {
    const asked = `(${name} || ${make}(${at}))`;
    for (const { identifier } of references) {
      const alias = aliases.get(identifier);
      for (const node of alias?.reads.map((read) => read.identifier) ?? [identifier]) ask(text, node, asked);
      if (alias !== undefined) text.overwrite(identifier.start, identifier.end, 'null');
    }
    const [{ node }] = defs;
    const keyword = node.async ? 'async function ' : 'function ';
    text.overwrite(node.start, node.id.end, `case ${at}: return (${name} = ${keyword}`);
    text.appendLeft(node.end, ');\n');
    text.move(node.start, node.end, end);
  }
  text.appendRight(end, '}\n}\n');
}

function ask(text, { start, end, name, parent }, asked) {
  const isShort = parent.type === 'Property' && parent.shorthand;
  text.overwrite(start, end, isShort ? `${name}: ${asked}` : asked);
}
