using System.Net;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>A page for when no other can be drawn: plain HTML with the lab's style sheet, made without database, sign-in or live connection.</summary>
internal static class ProblemPage
{
    public static string Of(Problem problem, HttpRequest request)
    {
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        // A page that was only to be read is asked for again under its own address, until it is there. What was sent is not sent twice.
        var comesBack = isRead && problem.RetryAfter is not null;
        var next = (isRead, comesBack) switch
        {
            (_, true) => "<p role=\"status\">This page tries again by itself every few seconds.</p>",
            (true, _) => "",
            _ => "<p>Your last input was not saved. Go back in your browser, where it should still be in the form, and send it again.</p>",
        };
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                {(comesBack ? $"<meta http-equiv=\"refresh\" content=\"{problem.RetryAfter}\" />" : "")}
                <title>{WebUtility.HtmlEncode(problem.Title)} · Pneumothorax.Lab</title>
                <script src="/js/theme.js"></script>
                <link rel="stylesheet" href="/app.css" />
                <link rel="icon" type="image/svg+xml" href="/img/mark.svg" />
            </head>
            <body>
                <main id="main" class="page stack">
                    <h1>{WebUtility.HtmlEncode(problem.Title)}</h1>
                    <p>{WebUtility.HtmlEncode(problem.Line)}</p>
                    {next}
                    {(isRead ? "<div class=\"row\"><a class=\"button filled\" href=\"\">Try again now</a></div>" : "")}
                    <p class="footnote">Pneumothorax.Lab. Teaching only, not for diagnosis.</p>
                </main>
            </body>
            </html>
            """;
    }
}
