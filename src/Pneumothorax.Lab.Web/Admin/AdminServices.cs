using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Datasets.Phantoms;
using Pneumothorax.Lab.Experiments;
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

/// <summary>Gives the default section its code before the first request.</summary>
internal sealed class CourseSetup(CourseStore courses, ClassKeys keys) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await courses.SetUpAsync(keys.ClassCode, keys.IsClassCodeSet, cancellationToken))
            throw new SettingException("Lab__ClassCode is already the code of another section. Set a different one, or leave it out to keep the course's present code.");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
