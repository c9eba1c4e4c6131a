// SPDX-License-Identifier: AGPL-3.0-or-later
// The coordinator's pages about the partnership: add, change, end, put back. Each change stands in
// the audit trail.
#include "base/base.h"
#include "base/vec.h"
#include "partner/partner.h"
#include "partner/partner_pages.h"
#include "partner/partner_tmpl.h"
#include "store/audit.h"

enum { FOUND_MAX = 50 };

#define KINDS "council|police|nhs|school|university|charity|community|business|faith|other"
#define ROLES "founding|delivery|funder|host|evaluation|partner"

// clang-format off
#define FACTS                                                                                      \
    {"name", "the name of the organisation", FIELD_TEXT, true, 200, 0, NULL, false},               \
    {"kind", "what kind it is", FIELD_CHOICE, true, 40, 0, KINDS, false},                          \
    {"web", "its web address", FIELD_TEXT, false, 300, 0, NULL, false},                            \
    {"about", "what it does", FIELD_LONG, false, 2000, 0, NULL, false}
#define ROLE                                                                                       \
    {"role", "what it does in the partnership", FIELD_CHOICE, true, 40, 0, ROLES, false},          \
    {"starts", "since when", FIELD_TEXT, false, 40, 0, NULL, false}
// clang-format on

static const struct field search_fields[] = {
    {"q", "a name or number", FIELD_TEXT, false, 200, 0, NULL, false},
    {0},
};
static const struct field new_fields[] = {FACTS, ROLE, {0}};
static const struct field fact_fields[] = {FACTS, {0}};
static const struct field role_fields[] = {ROLE, {0}};
static const struct field identifier_fields[] = {
    {"scheme", "a register", FIELD_TEXT, true, 40, 0, NULL, false},
    {"value", "the number", FIELD_TEXT, true, 60, 0, NULL, false},
    {0},
};
static const struct field identifier_field[] = {
    {"identifier", "the identifier", FIELD_NUMBER, true, 20, 0, NULL, false},
    {0},
};
static const struct field end_fields[] = {
    {"ends", "until when", FIELD_TEXT, false, 40, 0, NULL, false},
    {0},
};
static const struct field remove_fields[] = {
    {"role_id", "the role", FIELD_NUMBER, true, 20, 0, NULL, false},
    {"back", "", FIELD_CHECK, false, 10, 0, NULL, false},
    {0},
};
static const struct field back_field[] = {
    {"back", "", FIELD_CHECK, false, 10, 0, NULL, false},
    {0},
};
static const struct field version_field[] = {
    {"version", "which one", FIELD_NUMBER, true, 20, 0, NULL, false},
    {0},
};

// What a write needs of a form that was read already.
struct change {
    struct organisation org;
    str role;
    date starts, ends;
    struct org_id identifier;
};

static err note(struct db_tx *tx, struct req *r, str what, organisation_id id)
{
    return audit_add(tx, r->now_ms, r->actor, what,
                     str_fmt(tx->a, "organisation:%lld", (long long)id.v), STR(""));
}

static void back_to(struct req *r, organisation_id id, str message)
{
    req_redirect(r, str_fmt(r->a, "/team/partners/%lld", (long long)id.v));
    req_flash(r, message);
}

static err no_organisation(struct req *r)
{
    return err_new(r->a, ERR_NOT_FOUND, "There is no such organisation.");
}

static err organisation_of_path(struct req *r, struct organisation *ret)
{
    struct db_tx *tx;
    organisation_id id;
    bool found;
    if (!str_to_i64(r->param[0], &id.v))
        return no_organisation(r);
    TRY(req_tx(r, &tx));
    TRY(organisation_find(tx, r->a, id, ret, &found));
    return found ? NULL : no_organisation(r);
}

static err role_of(struct req *r, str number, organisation_id of, struct org_role *ret)
{
    struct db_tx *tx;
    org_role_id id;
    bool found = false;
    TRY(req_tx(r, &tx));
    if (str_to_i64(number, &id.v))
        TRY(org_role_find(tx, r->a, id, ret, &found));
    return found && ret->organisation.v == of.v
               ? NULL
               : err_new(r->a, ERR_NOT_FOUND, "This organisation has no such role.");
}

// ---- the list ---------------------------------------------------------------------------------

static err list_get(struct req *r)
{
    struct db_tx *tx;
    struct partner *v;
    struct organisation *found = NULL;
    struct team_partners_view view = {
        .form = &r->form, .limit = FOUND_MAX, .on = date_of_ms(r->now_ms)};
    str q = req_field(r, "q");
    TRY(req_tx(r, &tx));
    TRY(partner_list(tx, r->a, view.on, &v, &view.n));
    view.searched = q.n > 0;
    if (view.searched)
        TRY(organisation_search(tx, r->a, q, FOUND_MAX, &found, &view.n_found));
    view.partner = v;
    view.found = found;
    team_partners_page(req_page(r, 200), &view);
    return NULL;
}

// ---- what people typed ------------------------------------------------------------------------

static void read_facts(struct req *r, struct organisation *o)
{
    o->name = req_field(r, "name");
    o->kind = req_field(r, "kind");
    o->about = req_field(r, "about");
    if (!org_web_read(r->a, req_field(r, "web"), &o->web))
        form_refuse(&r->form, "web",
                    STR("Enter a web address such as https://www.example.org, or leave it empty"));
}

static void read_month(struct req *r, const char *field, date *ret)
{
    if (!org_month_read(req_field(r, field), ret))
        form_refuse(&r->form, field, STR("Enter a month and a year, such as January 2019"));
}

// An organisation of that name is there already: it needs a role, not a twin.
static err refuse_twin(struct req *r, str name)
{
    struct db_tx *tx;
    struct organisation o;
    bool found;
    TRY(req_tx(r, &tx));
    TRY(organisation_by_name(tx, r->a, name, &o, &found));
    if (found)
        form_refuse(&r->form, "name",
                    STR("The register has an organisation of this name. Find it there and give it "
                        "a role"));
    return NULL;
}

// ---- adding -----------------------------------------------------------------------------------

static err new_get(struct req *r)
{
    team_partner_new_page(req_page(r, 200), &r->form);
    return NULL;
}

static err add_write(struct db_tx *tx, struct req *r)
{
    struct change *c = r->ctx;
    organisation_id id;
    org_role_id role;
    TRY(organisation_add(tx, &c->org, r->now_ms, &id));
    TRY(org_role_add(tx, id, c->role, c->starts, DATE_NONE, &role));
    back_to(r, id, STR("The organisation is on the list."));
    return note(tx, r, STR("organisation added"), id);
}

static err add_post(struct req *r)
{
    struct change *c = arena_new(r->a, struct change);
    c->org.area_code = STR_NONE;
    read_facts(r, &c->org);
    read_month(r, "starts", &c->starts);
    if (c->org.name.n)
        TRY(refuse_twin(r, c->org.name));
    if (r->form.n_problems) {
        team_partner_new_page(req_page(r, 422), &r->form);
        return NULL;
    }
    c->role = req_field(r, "role");
    r->ctx = c;
    return req_write(r, add_write);
}

// ---- one organisation -------------------------------------------------------------------------

// A form as it stands before anybody touched it.
static const struct form *filled_form(struct arena *a, const struct form_value *v, size_t n)
{
    struct form *f = arena_new(a, struct form);
    f->value = arena_new_array(a, n, struct form_value);
    memcpy(f->value, v, n * sizeof *v);
    f->n = n;
    return f;
}

static const struct form *facts_form(struct arena *a, const struct organisation *o)
{
    str web = o->web.n ? o->web : STR("");
    return filled_form(a,
                       (struct form_value[]){{STR("name"), o->name, STR_NONE},
                                             {STR("kind"), o->kind, STR_NONE},
                                             {STR("web"), web, STR_NONE},
                                             {STR("about"), o->about, STR_NONE}},
                       4);
}

enum which_form { FORM_FACTS, FORM_ROLE, FORM_IDENTIFIER, FORM_NONE };

static err show(struct req *r, const struct organisation *o, enum which_form sent)
{
    struct db_tx *tx;
    struct team_partner_view v = {.org = *o, .on = date_of_ms(r->now_ms)};
    const struct form *empty = arena_new(r->a, struct form);
    v.facts = sent == FORM_FACTS ? &r->form : facts_form(r->a, o);
    v.role_form = sent == FORM_ROLE ? &r->form : empty;
    v.id_form = sent == FORM_IDENTIFIER ? &r->form : empty;
    v.wrong = sent == FORM_NONE ? empty : &r->form;
    TRY(req_tx(r, &tx));
    TRY(organisation_roles(tx, r->a, o->id, &v.role, &v.n_role));
    TRY(organisation_identifiers(tx, r->a, o->id, &v.identifier, &v.n_identifier));
    TRY(organisation_versions(tx, r->a, o->id, &v.version, &v.n_version));
    team_partner_page(req_page(r, sent == FORM_NONE ? 200 : 422), &v);
    return NULL;
}

static err one_get(struct req *r)
{
    struct organisation o;
    TRY(organisation_of_path(r, &o));
    return show(r, &o, FORM_NONE);
}

static err change_write(struct db_tx *tx, struct req *r)
{
    struct change *c = r->ctx;
    bool changed;
    TRY(organisation_change(tx, &c->org, r->now_ms, &changed));
    back_to(r, c->org.id,
            changed
                ? STR("Saved. What it said before stands at the end of the page; you can put it "
                      "back.")
                : STR("Nothing was different, so nothing was changed."));
    return changed ? note(tx, r, STR("organisation changed"), c->org.id) : NULL;
}

static err change_post(struct req *r)
{
    struct change *c = arena_new(r->a, struct change);
    struct organisation now;
    TRY(organisation_of_path(r, &now));
    c->org = now;
    read_facts(r, &c->org);
    if (r->form.n_problems)
        return show(r, &now, FORM_FACTS);
    r->ctx = c;
    return req_write(r, change_write);
}

static err put_back_post(struct req *r)
{
    struct db_tx *tx;
    struct change *c = arena_new(r->a, struct change);
    struct organisation_version *v;
    size_t n;
    TRY(organisation_of_path(r, &c->org));
    TRY(req_tx(r, &tx));
    TRY(organisation_versions(tx, r->a, c->org.id, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (v[i].id == form_i64(&r->form, "version", 0)) {
            c->org.name = v[i].name;
            c->org.kind = v[i].kind;
            c->org.about = v[i].about;
            c->org.web = v[i].web;
            r->ctx = c;
            return req_write(r, change_write);
        }
    return err_new(r->a, ERR_NOT_FOUND, "There is no such former version.");
}

static err off_write(struct db_tx *tx, struct req *r)
{
    struct change *c = r->ctx;
    bool back = form_has(&r->form, "back");
    if (back)
        TRY(organisation_on(tx, c->org.id));
    else
        TRY(organisation_off(tx, c->org.id, r->now_ms));
    back_to(r, c->org.id,
            back ? STR("It is on the list again.")
                 : STR("It is off the list. You can put it back here."));
    return note(tx, r, back ? STR("organisation put back") : STR("organisation taken off"),
                c->org.id);
}

static err off_post(struct req *r)
{
    struct change *c = arena_new(r->a, struct change);
    TRY(organisation_of_path(r, &c->org));
    r->ctx = c;
    return req_write(r, off_write);
}

// ---- identifiers ------------------------------------------------------------------------------

static err identify_write(struct db_tx *tx, struct req *r)
{
    struct change *c = r->ctx;
    TRY(organisation_identify(tx, c->org.id, &c->identifier));
    back_to(r, c->org.id, STR("The identifier is added."));
    return note(tx, r, STR("identifier added"), c->org.id);
}

// What stands in the way of an identifier, at its field.
static err judge_identifier(struct req *r, struct change *c)
{
    struct db_tx *tx;
    struct organisation other;
    bool taken;
    const struct org_id *x = &c->identifier;
    if (!x->sound) {
        str hint = x->suggestion.n
                       ? str_fmt(r->a, " Do you mean %" PRIstr "?", ARGstr(x->suggestion))
                       : STR("");
        form_refuse(&r->form, "value",
                    str_fmt(r->a, "%" PRIstr "%" PRIstr, ARGstr(x->why), ARGstr(hint)));
        return NULL;
    }
    TRY(req_tx(r, &tx));
    TRY(organisation_by_identifier(tx, r->a, x->scheme, x->value, &other, &taken));
    if (taken && other.id.v != c->org.id.v)
        form_refuse(
            &r->form, "value",
            str_fmt(r->a, "This number belongs to %" PRIstr " already", ARGstr(other.name)));
    return NULL;
}

static err identify_post(struct req *r)
{
    struct change *c = arena_new(r->a, struct change);
    TRY(organisation_of_path(r, &c->org));
    c->identifier = org_id_judge(r->a, req_field(r, "scheme"), req_field(r, "value"));
    if (r->form.n_problems == 0)
        TRY(judge_identifier(r, c));
    if (r->form.n_problems)
        return show(r, &c->org, FORM_IDENTIFIER);
    r->ctx = c;
    return req_write(r, identify_write);
}

static err unidentify_write(struct db_tx *tx, struct req *r)
{
    struct change *c = r->ctx;
    TRY(organisation_unidentify(tx, c->org.id, form_i64(&r->form, "identifier", 0)));
    back_to(r, c->org.id, STR("The identifier is taken away. You can add it again."));
    return note(tx, r, STR("identifier taken away"), c->org.id);
}

static err unidentify_post(struct req *r)
{
    struct change *c = arena_new(r->a, struct change);
    TRY(organisation_of_path(r, &c->org));
    r->ctx = c;
    return req_write(r, unidentify_write);
}

// ---- roles ------------------------------------------------------------------------------------

static err role_write(struct db_tx *tx, struct req *r)
{
    struct change *c = r->ctx;
    org_role_id id;
    TRY(org_role_add(tx, c->org.id, c->role, c->starts, DATE_NONE, &id));
    back_to(r, c->org.id, STR("The role is added."));
    return note(tx, r, STR("role added"), c->org.id);
}

static err role_post(struct req *r)
{
    struct change *c = arena_new(r->a, struct change);
    TRY(organisation_of_path(r, &c->org));
    read_month(r, "starts", &c->starts);
    if (r->form.n_problems)
        return show(r, &c->org, FORM_ROLE);
    c->role = req_field(r, "role");
    r->ctx = c;
    return req_write(r, role_write);
}

static err role_get(struct req *r)
{
    struct organisation o;
    struct org_role role;
    TRY(organisation_of_path(r, &o));
    TRY(role_of(r, r->param[1], o.id, &role));
    str ends = date_is_none(role.ends) ? STR("") : org_month_words(r->a, role.ends);
    const struct form *f =
        filled_form(r->a, (struct form_value[]){{STR("ends"), ends, STR_NONE}}, 1);
    team_role_page(req_page(r, 200), &o, &role, f);
    return NULL;
}

static err end_write(struct db_tx *tx, struct req *r)
{
    struct change *c = r->ctx;
    org_role_id id;
    if (!str_to_i64(r->param[1], &id.v))
        return err_new(tx->a, ERR_BUG, "The role's number was checked before.");
    TRY(org_role_end(tx, id, c->ends));
    back_to(r, c->org.id,
            date_is_none(c->ends) ? STR("The role goes on.")
                                  : STR("The end of the role is noted."));
    return note(tx, r, STR("role ended"), c->org.id);
}

static err end_post(struct req *r)
{
    struct change *c = arena_new(r->a, struct change);
    struct org_role role;
    TRY(organisation_of_path(r, &c->org));
    TRY(role_of(r, r->param[1], c->org.id, &role));
    read_month(r, "ends", &c->ends);
    if (!date_is_none(c->ends) && !date_is_none(role.starts) && c->ends.days < role.starts.days)
        form_refuse(&r->form, "ends", STR("It cannot end before it began"));
    if (r->form.n_problems) {
        team_role_page(req_page(r, 422), &c->org, &role, &r->form);
        return NULL;
    }
    r->ctx = c;
    return req_write(r, end_write);
}

static err remove_write(struct db_tx *tx, struct req *r)
{
    struct change *c = r->ctx;
    bool back = form_has(&r->form, "back");
    org_role_id id = {form_i64(&r->form, "role_id", 0)};
    TRY(org_role_remove(tx, id, !back, r->now_ms));
    back_to(r, c->org.id,
            back ? STR("The role is there again.")
                 : STR("The role is taken away. You can put it back."));
    return note(tx, r, back ? STR("role put back") : STR("role taken away"), c->org.id);
}

static err remove_post(struct req *r)
{
    struct change *c = arena_new(r->a, struct change);
    struct org_role role;
    TRY(organisation_of_path(r, &c->org));
    TRY(role_of(r, req_field(r, "role_id"), c->org.id, &role));
    r->ctx = c;
    return req_write(r, remove_write);
}

#define ONE "/team/partners/:id"

const struct route partner_team_routes[] = {
    {GET, "/team/partners", MAY_COORDINATOR, list_get, search_fields,
     "See the partners and search the register", 0, 0, NULL},
    {POST, "/team/partners", MAY_COORDINATOR, add_post, new_fields, "Add an organisation", 0, 0,
     NULL},
    {GET, "/team/partners/new", MAY_COORDINATOR, new_get, NULL, "The form for an organisation", 0,
     0, NULL},
    {GET, ONE, MAY_COORDINATOR, one_get, NULL, "See and change one organisation", 0, 0, "1"},
    {POST, ONE, MAY_COORDINATOR, change_post, fact_fields, "Change an organisation", 0, 0, "1"},
    {POST, ONE "/put-back", MAY_COORDINATOR, put_back_post, version_field,
     "Put back what an organisation's entry said before", 0, 0, "1"},
    {POST, ONE "/off", MAY_COORDINATOR, off_post, back_field,
     "Take an organisation off the list, or put it back", 0, 0, "1"},
    {POST, ONE "/identifiers", MAY_COORDINATOR, identify_post, identifier_fields,
     "Add an identifier", 0, 0, "1"},
    {POST, ONE "/identifiers/remove", MAY_COORDINATOR, unidentify_post, identifier_field,
     "Take an identifier away", 0, 0, "1"},
    {POST, ONE "/roles", MAY_COORDINATOR, role_post, role_fields, "Add a role", 0, 0, "1"},
    {POST, ONE "/roles/remove", MAY_COORDINATOR, remove_post, remove_fields,
     "Take a role away, or put it back", 0, 0, "1"},
    {GET, ONE "/roles/:role", MAY_COORDINATOR, role_get, NULL, "See one role", 0, 0, "1 1"},
    {POST, ONE "/roles/:role", MAY_COORDINATOR, end_post, end_fields, "Say until when a role lasts",
     0, 0, "1 1"},
    {0},
};
