using System.Globalization;
using Hangfire;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Authorization;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Web.Hosts;

/// <summary>Hangfire's own pages, for the instructor; for everybody else there is nothing at their address.</summary>
internal static class Dashboard
{
    public const string Address = "/hangfire";

    private static readonly CultureInfo s_english = new English();

    public static void MapDashboard(this WebApplication app)
    {
        // Not Hangfire's own mapping: that asks for its global configuration, which holds for the process and not for this portal.
        var options = new DashboardOptions
        {
            AppPath = "/queue",
            DashboardTitle = "Pneumothorax.Lab: the queue's jobs",
            DisplayStorageConnectionString = false,
            Authorization = [],     // by the endpoint, below
            IsReadOnlyFunc = context => !context.GetHttpContext().User.IsInRole(nameof(MemberRole.Instructor)),
        };
        var branch = ((IEndpointRouteBuilder)app).CreateApplicationBuilder()
            .UsePathBase(Address)
            .UseMiddleware<AspNetCoreDashboardMiddleware>(app.Services.GetRequiredService<QueueJobs>().Storage, options, DashboardRoutes.Routes);
        // An address that Hangfire has no page for: else the pipeline ends with an exception.
        branch.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        var pages = branch.Build();
        app.Map(Address + "/{**path}", context =>
        {
            // Hangfire says the language of its pages by the culture's name, and the invariant one's is "iv".
            CultureInfo.CurrentUICulture = s_english;
            return pages(context);
        })
            .RequireAuthorization(new AuthorizationPolicyBuilder().RequireRole(nameof(MemberRole.Instructor)).Build())
            .ExcludeFromDescription();
    }

    /// <summary>The invariant culture under its language's name: without ICU there is no English one.</summary>
    private sealed class English() : CultureInfo("")
    {
        public override string TwoLetterISOLanguageName => "en";
    }
}
