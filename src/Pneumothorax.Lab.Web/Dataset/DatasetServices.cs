using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Classroom.Importing;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Datasets.Surveys;
using Pneumothorax.Lab.Datasets.Viewing;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;

namespace Pneumothorax.Lab.Web.Dataset;

internal static class DatasetServices
{
    public static void AddDatasets(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => new DatasetStore(provider.GetRequiredService<LabPaths>().Datasets));
        services.AddSingleton<TrainingImages>(provider => provider.GetRequiredService<DatasetStore>().TrainingImages);
        services.AddScoped<ToldLabels>();
        services.AddSingleton<DatasetPreparation>();
        services.AddSingleton<DatasetSurveys>();
        services.AddSingleton<DatasetService>();
        services.AddSingleton(provider => new IncomingFolder(
            builder.Configuration["Lab:ImportDirectory"] is { } chosen && !string.IsNullOrWhiteSpace(chosen) ? chosen : provider.GetRequiredService<LabPaths>().Incoming));
        services.AddSingleton<ImportService>();
        services.AddHostedService(provider => provider.GetRequiredService<ImportService>());
        services.AddHostedService<PhantomSetup>();
    }

    /// <returns>Images for gradient steps; null where the data set is not registered, or damaged.</returns>
    public static int? TrainingImages(this DatasetStore store, string name)
    {
        try { return store.Find(name) is null ? null : store.Open(name)[SplitName.Train].TrainingRows.Count; }
        catch (InvalidDataException) { return null; }
    }
}
