/** This process's environment without settings of the person's shell, which would change what is shown; `K6_BIN` stays. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LLM_|K6_(?!BIN))/.test(name)));
}
