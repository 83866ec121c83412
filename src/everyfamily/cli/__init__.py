"""The command line: everyfamily demo | compose | check | approve | seal | verify | import | send | coverage."""
