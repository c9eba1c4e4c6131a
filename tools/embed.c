// SPDX-License-Identifier: AGPL-3.0-or-later
// embed: files -> one C source with their bytes.
//   embed OUT.c SYMBOL FILE…     const struct embedded SYMBOL[] = {{"name", bytes, size}, …, {0}};
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put_bytes(FILE *c, int i, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "embed: %s cannot be opened\n", path);
        exit(1);
    }
    fprintf(c, "static const unsigned char file_%d[] = {", i);
    int ch, n = 0;
    for (; (ch = fgetc(f)) != EOF; n++)
        fprintf(c, "%s%d,", n % 24 ? "" : "\n", ch);
    fprintf(c, "0};\nenum { size_%d = %d };\n", i, n);
    fclose(f);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "use: embed OUT.c SYMBOL FILE…\n");
        return 2;
    }
    FILE *c = fopen(argv[1], "w");
    if (!c) {
        fprintf(stderr, "embed: %s cannot be written\n", argv[1]);
        return 1;
    }
    fprintf(c, "// Made by embed.\n#include \"base/base.h\"\n#include \"base/embedded.h\"\n");
    for (int i = 3; i < argc; i++)
        put_bytes(c, i, argv[i]);
    fprintf(c, "extern const struct embedded %s[];\nconst struct embedded %s[] = {\n", argv[2],
            argv[2]);
    for (int i = 3; i < argc; i++) {
        const char *name = strrchr(argv[i], '/') ? strrchr(argv[i], '/') + 1 : argv[i];
        fprintf(c, "    {\"%s\", (const char *)file_%d, size_%d},\n", name, i, i);
    }
    fprintf(c, "    {0},\n};\n");
    fclose(c);
    return 0;
}
