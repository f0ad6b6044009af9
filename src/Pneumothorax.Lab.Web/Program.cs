using Pneumothorax.Lab.Classroom;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Web.Admin;
using Pneumothorax.Lab.Web.Comparison;
using Pneumothorax.Lab.Web.Dataset;
using Pneumothorax.Lab.Web.Dataset.Importing;
using Pneumothorax.Lab.Web.Evaluation;
using Pneumothorax.Lab.Web.Explanation;
using Pneumothorax.Lab.Web.Failures;
using Pneumothorax.Lab.Web.Guide;
using Pneumothorax.Lab.Web.Guide.Questions;
using Pneumothorax.Lab.Web.Hosting;
using Pneumothorax.Lab.Web.Hosts;
using Pneumothorax.Lab.Web.Launch;
using Pneumothorax.Lab.Web.OwnImages;
using Pneumothorax.Lab.Web.Recordings;
using Pneumothorax.Lab.Web.Runs;
using Pneumothorax.Lab.Web.Shared.Identity;
using Pneumothorax.Lab.Web.Shell;
using Pneumothorax.Lab.Web.SignIn;
using Pneumothorax.Lab.Web.Takeaway;

try
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    var database = builder.AddHosting();
    builder.Services.AddRuns(database);
    builder.Services.AddClassroomStores();
    builder.AddTelemetry();
    builder.AddClassroom();
    builder.AddDatasets();
    builder.AddGuide();
    builder.AddTraining(database);
    builder.AddOwnImages();
    builder.Services.AddSingleton<Evaluations>();
    builder.Services.AddSingleton<PatientDoubts>();
    builder.Services.AddSingleton<RunPackage>();
    builder.AddAdmin();
    builder.AddPages();
    builder.Services.AddCompression();
    builder.AddLiveSignIn();
    builder.AddApi();

    var app = builder.Build();
    app.UseHeadRequests();
    app.UseResponseCompression();
    app.UseSecurityHeaders();
    app.UseOwnOrigin();
    app.UseProblems();
    app.UseRouting();       // after it: an address that leads nowhere is routed once more, to the page that says so
    app.UseDatabaseAvailability();
    app.UseRateLimiter();
    app.UseInputRule();
    app.UseAuthentication();
    app.UseCallerAddress();
    app.UseAuthorization();
    app.UseRunPageAccess();
    app.UseMemberInLogs();
    app.UseAntiforgery();

    app.MapStaticAssets().AllowAnonymous().ShortCircuit();
    app.MapHealth();
    app.MapClassroom();
    app.MapAccounts();
    app.MapAdmin();
    app.MapImports();
    app.MapDashboard();
    app.MapApi().MapDatasets().MapVariations().MapRuns().MapEvaluations().MapTakeaway().MapCams().MapSlices().MapRecordings().MapComparison().MapAnswers().MapOwnImages();
    app.MapRazorComponents<App>().AddInteractiveServerRenderMode(SecurityHeaders.Configure);

    var ending = app.Lifetime.ApplicationStopping;
    try { await app.RunAsync(); }
    catch (OperationCanceledException) when (ending.IsCancellationRequested) { }      // asked to end before it had started
    return 0;
}
catch (Exception exception) when (StartRefusal.Of(exception) is { } reason)
{
    await Console.Error.WriteLineAsync($"The portal does not start: {reason}");
    return 1;
}
