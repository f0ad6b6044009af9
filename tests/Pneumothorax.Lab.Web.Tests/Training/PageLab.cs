using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MudBlazor.Services;
using Pneumothorax.Lab.Classroom;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Classroom.Guide;
using Pneumothorax.Lab.Classroom.Progress;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Classroom.Tasks;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Agent;
using Pneumothorax.Lab.Runs.Hosts;
using Pneumothorax.Lab.Runs.Queue;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;
using Pneumothorax.Lab.Web.Guide;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shared.Pins;
using TestContext = Xunit.TestContext;

namespace Pneumothorax.Lab.Web.Tests.Training;

/// <summary>Pages over the real records, queue, agent and feed in a directory of their own. A shell script plays the trainer.</summary>
internal sealed class PageLab : BunitContext
{
    private readonly SignedInAs _signedIn = new();
    private List<IHostedService> _started = [];

    private PageLab(string directory, SilenceLimit silence)
    {
        Directory = directory;
        Services.AddLogging();
        Services.AddSingleton(new LabPaths(directory));
        Services.AddSingleton(new DatasetStore(Path.Combine(directory, "datasets")));
        Services.AddSingleton<DatasetPreparation>();
        Services.AddSingleton<DatasetService>();
        Services.AddSingleton<TrainingImages>(_ => 100);
        Services.AddSingleton(new LabExecutable(Path.Combine(directory, "trainer.sh")));
        Services.AddSingleton(new GpuSlots(1));
        Services.AddSingleton(silence);
        Services.AddRuns(new LabDatabase());
        Services.AddClassroomStores();
        Services.AddSingleton<TestScores>();
        Services.AddSingleton<HostCalibration>();
        Services.AddSingleton<QueueBoard>();
        Services.AddSingleton<Evaluations>().AddSingleton<PatientDoubts>();
        Services.AddScoped<ViewerAccessor>();
        Services.AddSingleton(new ContentDirectory(Path.Combine(directory, "content")));
        Services.AddSingleton<ChapterLibrary>();
        Services.AddScoped<CurrentModel>();
        Services.AddScoped<TaskService>();
        Services.AddScoped<CourseProgress>();
        Services.AddScoped<QuestionService>();
        Services.AddSingleton(services => ClassKeys.Load(services.GetRequiredService<LabPaths>(), new ConfigurationBuilder().Build()));
        Services.AddSingleton<Members>().AddSingleton<ClassReader>().AddSingleton<FinishReader>();
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<AuthenticationStateProvider>(_signedIn);
    }

    public string Directory { get; }

    public Viewer Student { get; private set; } = default!;

    public RunStore Store => Services.GetRequiredService<RunStore>();

    public RunLauncher Launcher => Services.GetRequiredService<RunLauncher>();

    /// <param name="trainer">Body of the script; its working directory is the run folder. Without one, nothing leaves the line.</param>
    public static async Task<PageLab> OpenAsync(string? trainer = null, SilenceLimit? silence = null)
    {
        var lab = new PageLab(System.IO.Directory.CreateTempSubdirectory("lab-pages-").FullName, silence ?? SilenceLimit.Default);
        if (trainer is not null && !OperatingSystem.IsWindows())
        {
            var script = Path.Combine(lab.Directory, "trainer.sh");
            await File.WriteAllTextAsync(script, "#!/bin/sh\n" + trainer + "\n", TestContext.Current.CancellationToken);
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        DatabaseTemplate.CopyTo(LabPaths.Resolve(lab.Directory).Database);
        // The first brings the database to its tables, the second takes runs out of the line.
        lab._started = [.. lab.Services.GetServices<IHostedService>().Take(trainer is null ? 1 : 2)];
        foreach (var service in lab._started.OfType<IHostedLifecycleService>()) await service.StartingAsync(TestContext.Current.CancellationToken);
        foreach (var service in lab._started) await service.StartAsync(TestContext.Current.CancellationToken);
        foreach (var service in lab._started.OfType<IHostedLifecycleService>()) await service.StartedAsync(TestContext.Current.CancellationToken);
        lab.Student = await lab.JoinAsync("Mira");
        lab.SignIn(lab.Student);
        return lab;
    }

    public async Task<Viewer> JoinAsync(string name)
    {
        await using var db = await Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync();
        var member = new Member { Name = name, Role = MemberRole.Student, TokenHash = name };
        db.Members.Add(member);
        await db.SaveChangesAsync();
        return new(member.Id, name, IsInstructor: false);
    }

    public void SignIn(Viewer viewer) => _signedIn.User = new(new ClaimsIdentity(
        [
            new(ClaimTypes.NameIdentifier, $"{viewer.MemberId}"),
            new(ClaimTypes.Name, viewer.Name),
            new(ClaimTypes.Role, (viewer.IsInstructor ? MemberRole.Instructor : viewer.IsAssistant ? MemberRole.Assistant : MemberRole.Student).ToString()),
        ],
        authenticationType: "test"));

    public Task<Run> LaunchAsync(string name = "", Hyperparameters? hyperparameters = null, Viewer? by = null, int? copiedFrom = null) =>
        Launcher.LaunchAsync(new(name, "xray", "lite", hyperparameters ?? new() { Steps = 20 }, copiedFrom), by ?? Student);

    public async Task SetAsync(Run run, Action<UpdateSettersBuilder<Run>> set)
    {
        await using var db = await Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync();
        await db.Runs.Where(row => row.Id == run.Id).ExecuteUpdateAsync(set);
    }

    /// <param name="host">As it said of itself; up unless it says otherwise.</param>
    public async Task AddHostAsync(LabHost host)
    {
        await using var db = await Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync();
        db.Hosts.Add(host);
        await db.SaveChangesAsync();
    }

    /// <summary>Writes what a trainer would have left, and ends the run in a state.</summary>
    public async Task EndAsync(Run run, RunState state, string? message = null, params MetricPoint[] points)
    {
        var folder = Store.FolderOf(run);
        System.IO.Directory.CreateDirectory(folder.Path);
        await File.WriteAllLinesAsync(folder.MetricsPath, points.Select(point => System.Text.Json.JsonSerializer.Serialize(point, LabJson.Line)));
        await using var db = await Services.GetRequiredService<IDbContextFactory<LabDbContext>>().CreateDbContextAsync();
        var started = run.CreatedAt.AddSeconds(1);
        await db.Runs.Where(row => row.Id == run.Id).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.State, state).SetProperty(row => row.Message, message)
            .SetProperty(row => row.Step, points.Select(point => point.Step).DefaultIfEmpty(0).Max())
            .SetProperty(row => row.Attempt, 1).SetProperty(row => row.StartedAt, started).SetProperty(row => row.EndedAt, started.AddSeconds(70)));
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await DisposeComponentsAsync();
        foreach (var service in Enumerable.Reverse(_started)) await service.StopAsync(CancellationToken.None);
        await base.DisposeAsyncCore();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private sealed class SignedInAs : AuthenticationStateProvider
    {
        public ClaimsPrincipal User { get; set; } = new();

        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(User));
    }
}
