using Pneumothorax.Lab.Data;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs;

namespace Pneumothorax.Lab.Web.Dataset;

internal static class DatasetServices
{
    public static void AddDatasets(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => new DatasetStore(provider.GetRequiredService<LabPaths>().Datasets));
        services.AddSingleton<DatasetExists>(provider => name => provider.GetRequiredService<DatasetStore>().Find(name) is not null);
        services.AddSingleton<DatasetPreparation>();
        services.AddHostedService<PhantomSetup>();
    }
}
