using Pneumothorax.Lab.Experiments.Networks;

namespace Pneumothorax.Lab.Classroom.Guide;

/// <summary>The pictures that an author can place in a chapter by name; the page draws them.</summary>
public static class PictureKinds
{
    /// <summary>The network drawn with its shapes.</summary>
    public static LiveKind Network { get; } = new("network", new Dictionary<string, Func<string, string?>> { ["name"] = LiveKind.OneOf([.. NetworkSpec.All.Select(network => network.Name)]) });

    /// <summary>One convolution and one pooling step under the pointer.</summary>
    public static LiveKind Convolution { get; } = new("convolution", new Dictionary<string, Func<string, string?>> { ["dataset"] = LiveKind.Any, ["index"] = LiveKind.WholeNumber });

    /// <summary>From two logits to the cost of one image.</summary>
    public static LiveKind Cost { get; } = new("cost", new Dictionary<string, Func<string, string?>>());

    /// <summary>Plain steps, momentum and Nesterov in a valley of the loss.</summary>
    public static LiveKind Valley { get; } = new("valley", new Dictionary<string, Func<string, string?>>());

    /// <summary>The curves of the reader's latest run, live.</summary>
    public static LiveKind LatestRun { get; } = new("latest-run", new Dictionary<string, Func<string, string?>>());

    /// <summary>What the reader's latest run looked at as it learned.</summary>
    public static LiveKind RecordedMaps { get; } = new("recorded-maps", new Dictionary<string, Func<string, string?>>());

    /// <summary>How weights and gradients of the reader's latest run were spread as it learned.</summary>
    public static LiveKind Distributions { get; } = new("distributions", new Dictionary<string, Func<string, string?>>());

    /// <summary>What is known of the guide's model, and the choice of another.</summary>
    public static LiveKind ModelCard { get; } = new("model-card", new Dictionary<string, Func<string, string?>>());

    /// <summary>A button that opens a page of the guide's model.</summary>
    public static LiveKind ModelLink { get; } = new("model-link", new Dictionary<string, Func<string, string?>>
    {
        ["page"] = LiveKind.OneOf("run", "evaluation", "explanation", "failures"),
        ["title"] = LiveKind.Any,
        ["index"] = LiveKind.WholeNumber,
    });

    /// <summary>The four cells at each threshold.</summary>
    public static LiveKind Threshold { get; } = new("threshold", new Dictionary<string, Func<string, string?>>());

    /// <summary>How the area varies with the test set.</summary>
    public static LiveKind Doubt { get; } = new("doubt", new Dictionary<string, Func<string, string?>>());

    /// <summary>A class activation map added up channel by channel.</summary>
    public static LiveKind CamSum { get; } = new("cam-sum", new Dictionary<string, Func<string, string?>> { ["index"] = LiveKind.WholeNumber });

    /// <summary>Three ways to enlarge a map.</summary>
    public static LiveKind Enlargement { get; } = new("enlargement", new Dictionary<string, Func<string, string?>> { ["index"] = LiveKind.WholeNumber });

    /// <summary>Colours and scales of a map.</summary>
    public static LiveKind CamColours { get; } = new("cam-colours", new Dictionary<string, Func<string, string?>> { ["index"] = LiveKind.WholeNumber });

    public static IReadOnlyList<LiveKind> All { get; } =
        [Network, Convolution, Cost, Valley, LatestRun, RecordedMaps, Distributions, ModelCard, ModelLink, Threshold, Doubt, CamSum, Enlargement, CamColours];
}
