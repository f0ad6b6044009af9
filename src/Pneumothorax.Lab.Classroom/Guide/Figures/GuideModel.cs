using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Evaluation;
using Pneumothorax.Lab.Experiments.Networks;
using Pneumothorax.Lab.Runs.Results;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Guide.Figures;

/// <summary>The run that the guided pages show, with its evaluation and the X-rays that it was tested on.</summary>
/// <param name="Images">Says why, where the X-rays are not here.</param>
public sealed record GuideModel(Run Run, RunEvaluation Evaluation, EvaluatedImages Images)
{
    /// <summary>"run 18", or "the reference run".</summary>
    public string Name => EvaluatedRun.NameOf(Run);

    /// <summary>With the run's variations; null when the lab no longer knows the network's name.</summary>
    public NetworkSpec? Network => NetworkSpec.All.FirstOrDefault(network => network.Name == Run.Network)?.With(Run.Hyperparameters);

    /// <summary>The data set that it was trained on; null where another one has its name by now.</summary>
    public DatasetManifest? Trained => Images.Manifest is { } manifest && manifest.Hash == Evaluation.File.Info.DataHash ? manifest : null;

    /// <summary>Its test images that are kept with their feature maps, in order.</summary>
    public IReadOnlyList<int> WithFeatures => Evaluation.File.FeatureIndex;
}
