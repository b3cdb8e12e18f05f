/** No usable k6, and none could be installed. The message says how to get one. */
export class K6Missing extends Error {
  override name = 'K6Missing';
}

/** For people. */
export const HOW_TO_INSTALL = `Install k6 1.1 or newer, then run this again:
  macOS     brew install k6
  Windows   winget install GrafanaLabs.k6
  Debian    https://grafana.com/docs/k6/latest/set-up/install-k6/ (apt)
  Docker    docker pull grafana/k6
or name one: K6_BIN=/path/to/k6`;
