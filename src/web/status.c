// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "web/status.h"
#include "web/words.h"

static const struct {
    int status;
    const char *title, *lede, *advice;
} pages[] = {
    {400, N_("We could not read that"), N_("What your browser sent was incomplete or garbled."),
     N_("Go back and try again.")},
    {403, N_("You may not see this"), N_("This page is for people with another role."),
     N_("Sign in with an account that may, or ask the coordinator.")},
    {404, N_("This page is not here"),
     N_("The address may be old, or a letter may have gone missing."),
     N_("Check the address for a slip of the finger.")},
    {405, N_("That does not work here"),
     N_("This address can be read, but nothing can be sent to it."),
     N_("Go back and use the form on the page.")},
    {409, N_("Somebody was quicker"),
     N_("What you sent clashes with something that is already there."),
     N_("Go back, load the page again to see what is there now, and try again.")},
    {413, N_("That is too large"), N_("The file or text is larger than this form takes."),
     N_("Send a smaller file, or ask the person who looks after the server to load it there.")},
    {414, N_("That address is too long"),
     N_("The address your browser sent is longer than any address here."),
     N_("Check whether something was pasted into the address by mistake.")},
    {422, N_("That did not work"), N_("Something in what you sent is not right."),
     N_("Go back, change it, and send it again. What you wrote should still be there.")},
    {429, N_("Too many tries"), N_("There have been too many tries in a short time."),
     N_("Wait a few minutes, then try again.")},
    {431, N_("Your browser sent too much"),
     N_("What it sends along with each page, such as cookies, is more than we take."),
     N_("Clear the cookies of this site in your browser, then try again.")},
    {500, N_("Something broke"),
     N_("This is our mistake, not yours. Nothing you saved before is lost."),
     N_("Try again in a minute.")},
    {503, N_("Very busy just now"), N_("More is being asked at once than this computer can do."),
     N_("Wait half a minute, then try again.")},
};

static size_t find(int status)
{
    for (size_t i = 0; i < countof(pages); i++)
        if (pages[i].status == status)
            return i;
    return countof(pages) - 2; // as for 500
}

const char *error_title(int status)
{
    return pages[find(status)].title;
}

const char *error_lede(int status)
{
    return pages[find(status)].lede;
}

const char *error_advice(int status)
{
    return pages[find(status)].advice;
}
