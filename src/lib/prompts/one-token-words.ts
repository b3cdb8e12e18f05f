/**
 * Words that are one token each, with the blank before them, in o200k, cl100k, Llama 2's, Llama 3's and Claude's
 * published tokenizers (`bench/workload/tokens.mjs` counts them). So a text of n words is n tokens, nearly everywhere.
 */
export const WORDS = (
  'time year people way day man thing woman life child world school state family student group country problem ' +
  'hand part place case week company system program question work government number night point home water room ' +
  'mother area money story fact month lot right study book eye job word business issue side kind head house ' +
  'service friend father power hour game line end member law car city community name president team minute idea ' +
  'body information back parent face level office door health person art war history party result change morning ' +
  'reason research girl moment air teacher force education foot boy age policy process music market sense nation ' +
  'plan college interest death experience effect use class control field development role effort rate heart show'
).split(' ');
