// Checks a text with npm's `gramma` and prints what it found and what it makes of it: ADDRESS LANGUAGE MARKDOWN TEXT [KEY]
const gramma = require(process.env.GRAMMA || "gramma")

const [url, language, markdown, text, key] = process.argv.slice(2)

gramma
  .check(text, { api_url: url, api_key: key || "", language, markdown: markdown === "true" })
  .then(({ matches }) => {
    const changes = matches.map(({ offset, length, replacements }) => ({ offset, length, change: replacements[0].value }))
    console.log(JSON.stringify({ words: matches.map((m) => m.word), text: gramma.replaceAll(text, changes) }))
  })
  .catch((error) => {
    console.error(error.message)
    process.exit(1)
  })
