using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Runs.Json;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Hosting;

namespace Pneumothorax.Lab.Web.Runs;

internal static class TrainingServices
{
    public static void AddTraining(this WebApplicationBuilder builder, LabDatabase database)
    {
        // Only where workers can come does a portal that trains nothing make sense.
        var slots = builder.Configuration.WholeNumber("Lab:Slots", least: database.IsShared ? 0 : 1);
        builder.Services.AddSingleton(new GpuSlots(slots));
        builder.Services.AddSingleton(Limits(builder.Configuration));
        if (builder.Configuration.WholeNumber("Lab:SilentSeconds") is { } seconds) builder.Services.AddSingleton(new SilenceLimit(TimeSpan.FromSeconds(seconds)));
        builder.Services.AddSingleton<QueueBoard>();
        builder.Services.AddSingleton<RunJsonReader>();
        builder.Services.AddSingleton(new LabExecutable(ExecutablePath(builder.Configuration["Lab:Executable"])));
        builder.Services.AddHostedService<ReferenceSetup>();
        builder.Services.AddSingleton<TestScores>();
        builder.Services.AddSingleton<HostCalibration>();
    }

    private static QueueLimits Limits(IConfiguration configuration)
    {
        var usual = new QueueLimits();
        return new()
        {
            RunningEach = configuration.WholeNumber("Lab:RunningEach") ?? usual.RunningEach,
            WaitingEach = configuration.WholeNumber("Lab:WaitingEach") ?? usual.WaitingEach,
            RunMinutes = configuration.WholeNumber("Lab:RunMinutes", least: 0) ?? usual.RunMinutes,
            FairHours = configuration.WholeNumber("Lab:FairHours") ?? usual.FairHours,
        };
    }

    /// <summary>The setting; else <c>lab</c> beside a published portal; else the one that was built along with this portal.</summary>
    private static string ExecutablePath(string? chosen)
    {
        if (!string.IsNullOrWhiteSpace(chosen))
        {
            return File.Exists(chosen) ? Path.GetFullPath(chosen) : throw new SettingException($"Lab__Executable must be the program lab, and there is no file \"{chosen}\".");
        }

        var published = Path.Combine(AppContext.BaseDirectory, "lab", "lab.dll");
        return File.Exists(published) ? published : LabHosting.BuildPath("LabExecutable") ?? published;
    }
}
