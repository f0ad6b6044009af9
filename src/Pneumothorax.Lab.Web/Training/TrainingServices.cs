using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Web.Hosting;

namespace Pneumothorax.Lab.Web.Training;

internal static class TrainingServices
{
    public static void AddTraining(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(new GpuSlots(builder.Configuration.WholeNumber("Lab:Slots")));
        builder.Services.AddSingleton(new LabExecutable(ExecutablePath(builder.Configuration["Lab:Executable"])));
        builder.Services.AddHostedService<ReferenceSetup>();
        builder.Services.AddSingleton<TestScores>();
        builder.Services.AddSingleton<HostCalibration>();
    }

    /// <summary>The setting; else <c>lab</c> beside a published portal; else the one that was built along with this portal.</summary>
    private static string ExecutablePath(string? chosen)
    {
        if (!string.IsNullOrWhiteSpace(chosen)) return Path.GetFullPath(chosen);

        var published = Path.Combine(AppContext.BaseDirectory, "lab", "lab.dll");
        return File.Exists(published) ? published : LabHosting.BuildPath("LabExecutable") ?? published;
    }
}
