// SPDX-License-Identifier: AGPL-3.0-or-later
// Help, man page and shell completion, all made from the command tables.
#include "base/base.h"
#include "app/app.h"
#include "app/slices.h"

static str first_line(const char *help)
{
    str s = str_c(help);
    return str_slice(s, 0, str_find_byte(s, '\n'));
}

void help_all(FILE *out)
{
    fprintf(out,
            "doorstep %s: run a Community Impact Zone\n\nUse: doorstep [--db FILE|postgresql://…] "
            "COMMAND …\n\n",
            DOORSTEP_VERSION);
    for (int t = 0; all_commands[t]; t++)
        for (const struct command *c = all_commands[t]; c->name; c++)
            fprintf(out, "  %-22s %" PRIstr "\n", c->name, ARGstr(first_line(c->help)));
    fprintf(out,
            "\n`doorstep help COMMAND` tells more. The database is ./doorstep.db unless --db or "
            "DOORSTEP_DB says otherwise.\n");
}

void help_one(FILE *out, const struct command *c)
{
    fprintf(out, "Use: doorstep %s%s%s%s\n\n%s\n", c->name, c->args ? " " : "",
            c->args ? c->args : "", c->options ? " [options]" : "", c->help);
    if (c->options)
        fprintf(out, "\nOptions:\n");
    for (const struct cmd_option *o = c->options; o && o->name; o++)
        fprintf(out, "  %s%s%s\n      %s\n", o->name, o->value ? " " : "", o->value ? o->value : "",
                o->help);
}

static void man_text(FILE *out, const char *s)
{
    for (; *s; s++) { // a dot or quote at the start of a line is a macro to troff
        if (*s == '\\')
            fputs("\\e", out);
        else if (*s == '-')
            fputs("\\-", out);
        else
            fputc(*s, out);
        if (*s == '\n' && (s[1] == '.' || s[1] == '\''))
            fputs("\\&", out);
    }
}

void help_man(FILE *out)
{
    fprintf(out,
            ".TH DOORSTEP 1 \"\" \"doorstep %s\" \"User commands\"\n.SH NAME\ndoorstep \\- run a "
            "Community Impact Zone\n.SH SYNOPSIS\n.B doorstep\n[\\-\\-db FILE|postgresql://…] "
            "COMMAND …\n.SH COMMANDS\n",
            DOORSTEP_VERSION);
    for (int t = 0; all_commands[t]; t++)
        for (const struct command *c = all_commands[t]; c->name; c++) {
            fprintf(out, ".TP\n.B %s %s\n", c->name, c->args ? c->args : "");
            man_text(out, c->help);
            fputc('\n', out);
            for (const struct cmd_option *o = c->options; o && o->name; o++) {
                fputs(".RS\n.TP\n.B ", out);
                man_text(out, o->name);
                fprintf(out, " %s\n", o->value ? o->value : "");
                man_text(out, o->help);
                fputs("\n.RE\n", out);
            }
        }
    fputs(".SH ENVIRONMENT\n.TP\n.B DOORSTEP_DB\nThe database, when \\-\\-db is not given.\n"
          ".SH EXIT STATUS\n0 done; 1 the world said no; 2 wrong use.\n",
          out);
}

static str first_word(const struct command *c)
{
    str w = str_c(c->name);
    return str_slice(w, 0, str_find_byte(w, ' '));
}

// No command before this one begins with the same word.
static bool begins_group(const struct command *c)
{
    for (int t = 0; all_commands[t]; t++)
        for (const struct command *x = all_commands[t]; x->name; x++) {
            if (x == c)
                return true;
            if (str_eq(first_word(x), first_word(c)))
                return false;
        }
    return true;
}

// "import": the words that may come second, if any.
static void complete_group(FILE *out, str first)
{
    fprintf(out, "    \"%" PRIstr "\") COMPREPLY=($(compgen -W \"", ARGstr(first));
    for (int t = 0; all_commands[t]; t++)
        for (const struct command *c = all_commands[t]; c->name; c++)
            if (str_eq(first_word(c), first) && c->name[first.n])
                fprintf(out, "%s ", c->name + first.n + 1);
    fputs("\" -- \"$cur\")) ;;\n", out);
}

static void complete_options(FILE *out, const struct command *c)
{
    fprintf(out, "    \"%s\"*) [[ $cur == -* ]] && COMPREPLY=($(compgen -W \"", c->name);
    for (const struct cmd_option *o = c->options; o->name; o++)
        fprintf(out, "%s ", o->name);
    fputs("--db\" -- \"$cur\")) || COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n", out);
}

void help_completion(FILE *out)
{
    fputs("# Completion for bash: source this file, or put it into "
          "/usr/share/bash-completion/completions/doorstep\n_doorstep() {\n"
          "    local cur=${COMP_WORDS[COMP_CWORD]} line=\"${COMP_WORDS[*]:1:COMP_CWORD-1}\"\n"
          "    case \"$line\" in \"--db \"*\" \"*) line=${line#--db * } ;; \"--db \"*) line= ;; "
          "esac\n"
          "    case \"$line\" in\n    \"\" | help) COMPREPLY=($(compgen -W \"",
          out);
    for (int t = 0; all_commands[t]; t++)
        for (const struct command *c = all_commands[t]; c->name; c++)
            if (begins_group(c))
                fprintf(out, "%" PRIstr " ", ARGstr(first_word(c)));
    fputs("--db\" -- \"$cur\")) ;;\n", out);
    for (int t = 0; all_commands[t]; t++)
        for (const struct command *c = all_commands[t]; c->name; c++) {
            if (c->options)
                complete_options(out, c);
            if (begins_group(c) && first_word(c).n < strlen(c->name))
                complete_group(out, first_word(c));
        }
    fputs("    *) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n"
          "    esac\n}\ncomplete -o default -F _doorstep doorstep\n",
          out);
}
