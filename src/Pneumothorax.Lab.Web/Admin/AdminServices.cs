using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Web.Hosting;

namespace Pneumothorax.Lab.Web.Admin;

/// <summary>What an instructor administers: courses, the audit trail, the purge at the end of a term.</summary>
internal static class AdminServices
{
    public static void AddAdmin(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(new LaunchRate(builder.Configuration.WholeNumber("Lab:LaunchesAMinute") ?? LaunchRate.Default.PerMinute));
        builder.Services.AddHostedService<CourseSetup>();
        builder.Services.AddHostedService<PurgeRunner>();
    }
}
