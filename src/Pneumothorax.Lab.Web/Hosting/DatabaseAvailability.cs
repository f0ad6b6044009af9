using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>
/// While the database is away, every request that may need it is told so within three seconds, before it is known who sent it: a cookie and a
/// token are looked up in the database themselves. What needs no database (style sheets, scripts, health) is answered by its routes before this.
/// </summary>
internal static class DatabaseAvailability
{
    /// <summary>An open page: one request for as long as it is looked at. What happens in it is told by the page itself.</summary>
    private static readonly PathString s_circuit = "/_blazor";

    public static void UseDatabaseAvailability(this WebApplication app)
    {
        var watch = app.Services.GetRequiredService<DatabaseWatch>();
        app.Use(async (context, next) =>
        {
            if (!await watch.AnswersAsync(context.RequestAborted))
            {
                await Problem.Of(Outage.DatabaseAway).WriteAsync(context);
            }
            else if (context.Request.Path.StartsWithSegments(s_circuit))
            {
                await next(context);
            }
            else
            {
                // It can still go while the request is answered.
                using (DatabasePatience.Brief()) await next(context);
            }
        });
    }
}
