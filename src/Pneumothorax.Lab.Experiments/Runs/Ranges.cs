using static Pneumothorax.Lab.Experiments.Runs.HyperparameterGroup;

namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>What every hyperparameter may be: the one list behind form, API, command line and comparison.</summary>
public static class Ranges
{
    /// <summary>The most images in one step; random numbers count by it, so it never changes.</summary>
    internal const int MostBatch = 128;

    private static readonly HyperparameterOption s_own = new(HyperparameterInfo.Own, "The network's own");

    public static HyperparameterRange LearningRate { get; } = Number("learningRate", "Learning rate", 0.00001, 10,
        h => h.LearningRate, (h, v) => h with { LearningRate = v }, "size of one update", Learning);
    public static HyperparameterRange BatchSize { get; } = Whole("batchSize", "Batch size", 1, MostBatch,
        h => h.BatchSize, (h, v) => h with { BatchSize = v }, "images in one step", Learning);
    public static HyperparameterRange Steps { get; } = Whole("steps", "Steps", 1, 1_000_000,
        h => h.Steps, (h, v) => h with { Steps = v }, "optimizer updates", Learning);
    public static HyperparameterRange Epochs { get; } = new("epochs", "Epochs", 1, 1000,
        h => h.Epochs, (h, v) => h with { Epochs = (int?)v }, "passes over the training images, instead of steps", Learning)
    { WordForNone = "none", Matters = h => h.Epochs is not null };
    public static HyperparameterRange Seed { get; } = Whole("seed", "Seed", 0, int.MaxValue,
        h => h.Seed, (h, v) => h with { Seed = v }, "decides initial weights, order of images, augmentation and dropout", Learning);
    public static HyperparameterChoice Optimizer { get; } = Choice("optimizer", "Optimizer",
        h => h.Optimizer, (h, v) => h with { Optimizer = v }, "how gradients become updates", Learning,
        "Gradient descent", "Momentum", "Nesterov momentum", "Adam", "AdamW");
    public static HyperparameterRange Momentum { get; } = Number("momentum", "Momentum", 0, 0.999,
        h => h.Momentum, (h, v) => h with { Momentum = v }, "share of the previous step that is added to the next (momentum, nesterov)", Learning) with
    { Matters = h => h.Optimizer is Runs.Optimizer.Momentum or Runs.Optimizer.Nesterov };
    public static HyperparameterChoice Schedule { get; } = Choice("schedule", "Schedule",
        h => h.Schedule, (h, v) => h with { Schedule = v }, "how the learning rate changes over the run", Learning,
        "Constant", "In steps", "Cosine");
    public static HyperparameterRange WarmUpSteps { get; } = Whole("warmUpSteps", "Warm-up", 0, 100_000,
        h => h.WarmUpSteps, (h, v) => h with { WarmUpSteps = v }, "steps in which the rate rises to its full value", Learning) with
    { Unit = "steps" };
    public static HyperparameterRange StepEvery { get; } = Whole("stepEvery", "Steps between rates", 1, 1_000_000,
        h => h.StepEvery, (h, v) => h with { StepEvery = v }, "steps between two changes of the rate (step schedule)", Learning) with
    { Matters = h => h.Schedule == Runs.Schedule.Step };
    public static HyperparameterRange StepFactor { get; } = Number("stepFactor", "Factor between rates", 0.01, 1,
        h => h.StepFactor, (h, v) => h with { StepFactor = v }, "factor by which the rate is then multiplied (step schedule)", Learning) with
    { Matters = h => h.Schedule == Runs.Schedule.Step };

    public static HyperparameterRange WeightDecay { get; } = Number("weightDecay", "Weight decay", 0, 1,
        h => h.WeightDecay, (h, v) => h with { WeightDecay = v }, "pull of the weights towards 0", Loss);
    public static HyperparameterRange LabelSmoothing { get; } = Number("labelSmoothing", "Label smoothing", 0, 0.5,
        h => h.LabelSmoothing, (h, v) => h with { LabelSmoothing = v }, "share of each label spread over both classes", Loss);
    public static HyperparameterChoice ClassWeighting { get; } = Choice("classWeighting", "Class weighting",
        h => h.ClassWeighting, (h, v) => h with { ClassWeighting = v }, "how much an image of each class counts", Loss,
        "None", "Balanced");

    public static HyperparameterSwitch Shuffle { get; } = Switch("shuffle", "Shuffle",
        h => h.Shuffle, (h, v) => h with { Shuffle = v }, "a new order of the images in every epoch; off in the notebook", Learning);
    public static HyperparameterSwitch Flip { get; } = Switch("flip", "Flip",
        h => h.Flip, (h, v) => h with { Flip = v }, "swap left and right in half of the images", HyperparameterGroup.Augmentation);
    public static HyperparameterSwitch Rotate { get; } = Switch("rotate", "Rotate",
        h => h.Rotate, (h, v) => h with { Rotate = v }, $"turn by up to {Runs.Augmentation.MostDegrees} degrees", HyperparameterGroup.Augmentation);
    public static HyperparameterSwitch Shift { get; } = Switch("shift", "Shift",
        h => h.Shift, (h, v) => h with { Shift = v }, FormattableString.Invariant($"move by up to {100 * Runs.Augmentation.MostShift:0} % of the side"), HyperparameterGroup.Augmentation);
    public static HyperparameterSwitch Scale { get; } = Switch("scale", "Scale",
        h => h.Scale, (h, v) => h with { Scale = v }, FormattableString.Invariant($"enlarge or shrink by up to {100 * (Runs.Augmentation.MostScale - 1):0} %"), HyperparameterGroup.Augmentation);
    public static HyperparameterSwitch Exposure { get; } = Switch("exposure", "Exposure",
        h => h.Exposure, (h, v) => h with { Exposure = v }, FormattableString.Invariant($"darken or lighten by a gamma of up to {Runs.Augmentation.MostGamma:0.#}"), HyperparameterGroup.Augmentation);

    public static HyperparameterChoice InputSize { get; } = new("inputSize", "Input size",
        [s_own, new("64", "64 × 64"), new("128", "128 × 128"), new("256", "256 × 256")],
        h => h.InputSize is { } side ? FormattableString.Invariant($"{side}") : HyperparameterInfo.Own,
        (h, word) => h with { InputSize = word == HyperparameterInfo.Own ? null : int.Parse(word, System.Globalization.CultureInfo.InvariantCulture) },
        "side of the images that the network sees", Network);
    public static HyperparameterRange Width { get; } = OwnWhole("width", "Width", 4, 128,
        h => h.Width, (h, v) => h with { Width = v }, "feature maps of the first block; the others in proportion", Network);
    public static HyperparameterRange Blocks { get; } = OwnWhole("blocks", "Blocks", 1, 5,
        h => h.Blocks, (h, v) => h with { Blocks = v }, "number of blocks; additional ones double the feature maps up to 512", Network);
    public static HyperparameterChoice Kernel { get; } = new("kernel", "Kernel",
        [s_own, new("3", "3 × 3"), new("5", "5 × 5"), new("7", "7 × 7")],
        h => h.Kernel is { } side ? FormattableString.Invariant($"{side}") : HyperparameterInfo.Own,
        (h, word) => h with { Kernel = word == HyperparameterInfo.Own ? null : int.Parse(word, System.Globalization.CultureInfo.InvariantCulture) },
        "side of every block's kernels", Network);
    public static HyperparameterChoice Skip { get; } = OwnChoice("skip", "Skip connections",
        h => h.Skip, (h, v) => h with { Skip = v }, "whether blocks add what bypasses a convolution", Network, "Sum", "None");
    public static HyperparameterChoice Normalization { get; } = OwnChoice("normalization", "Normalization",
        h => h.Normalization, (h, v) => h with { Normalization = v }, "how feature maps are normalized after each convolution", Network, "None", "Batch", "Group");
    public static HyperparameterRange Dropout { get; } = new("dropout", "Dropout", 0, 0.9,
        h => h.Dropout, (h, v) => h with { Dropout = v }, "share of the averaged feature maps left out in training", Network)
    { IsWhole = false, WordForNone = HyperparameterInfo.Own };

    public static HyperparameterChoice Precision { get; } = Choice("precision", "Precision",
        h => h.Precision, (h, v) => h with { Precision = v }, "number format of convolutions in training", Run, "float32", "TF32", "bfloat16");
    public static HyperparameterRange EarlyStopping { get; } = Whole("earlyStopping", "Early stopping", 0, 1000,
        h => h.EarlyStopping, (h, v) => h with { EarlyStopping = v }, "stop after this many validation figures without a higher AUROC; 0 means never", Run) with
    { Unit = "figures" };
    public static HyperparameterRange ValidationEvery { get; } = Whole("validationEvery", "Steps between validation figures", 1, 1_000_000,
        h => h.ValidationEvery, (h, v) => h with { ValidationEvery = v }, "steps between validation figures", Run);
    public static HyperparameterRange CheckpointEvery { get; } = Whole("checkpointEvery", "Steps between checkpoints", 1, 1_000_000,
        h => h.CheckpointEvery, (h, v) => h with { CheckpointEvery = v }, "steps between checkpoints", Run);

    public static HyperparameterSwitch RecordImages { get; } = Switch("recordImages", "Record images",
        h => h.RecordImages, (h, v) => h with { RecordImages = v }, "store class activation maps of four validation images during training", Run) with
    { ChangesResults = false };
    public static HyperparameterSwitch RecordDistributions { get; } = Switch("recordDistributions", "Record distributions",
        h => h.RecordDistributions, (h, v) => h with { RecordDistributions = v }, "store the distributions of weights and gradients of each layer during training", Run) with
    { ChangesResults = false };

    /// <summary>Learning first: it is what students change.</summary>
    public static IReadOnlyList<HyperparameterInfo> All { get; } =
    [
        LearningRate, BatchSize, Steps, Epochs, Seed, Optimizer, Momentum, Schedule, WarmUpSteps, StepEvery, StepFactor, Shuffle,
        WeightDecay, LabelSmoothing, ClassWeighting, Flip, Rotate, Shift, Scale, Exposure,
        InputSize, Width, Blocks, Kernel, Skip, Normalization, Dropout,
        Precision, EarlyStopping, ValidationEvery, CheckpointEvery, RecordImages, RecordDistributions,
    ];

    private static HyperparameterRange Number(
        string name, string title, double least, double most, Func<Hyperparameters, double> value, Func<Hyperparameters, double, Hyperparameters> set,
        string meaning, HyperparameterGroup group) =>
        new(name, title, least, most, h => value(h), (h, v) => set(h, v!.Value), meaning, group) { IsWhole = false };

    private static HyperparameterRange Whole(
        string name, string title, double least, double most, Func<Hyperparameters, int> value, Func<Hyperparameters, int, Hyperparameters> set,
        string meaning, HyperparameterGroup group) =>
        new(name, title, least, most, h => value(h), (h, v) => set(h, (int)v!.Value), meaning, group);

    private static HyperparameterRange OwnWhole(
        string name, string title, double least, double most, Func<Hyperparameters, int?> value, Func<Hyperparameters, int?, Hyperparameters> set,
        string meaning, HyperparameterGroup group) =>
        new(name, title, least, most, h => value(h), (h, v) => set(h, (int?)v), meaning, group) { WordForNone = HyperparameterInfo.Own };

    private static HyperparameterSwitch Switch(
        string name, string title, Func<Hyperparameters, bool> value, Func<Hyperparameters, bool, Hyperparameters> set, string meaning, HyperparameterGroup group) =>
        new(name, title, value, set, meaning, group);

    /// <param name="titles">In the order of the enumeration.</param>
    private static HyperparameterChoice Choice<T>(
        string name, string title, Func<Hyperparameters, T> value, Func<Hyperparameters, T, Hyperparameters> set, string meaning, HyperparameterGroup group,
        params string[] titles) where T : struct, Enum =>
        new(name, title, Options<T>(titles), h => EnumText.Of(value(h)), (h, word) => set(h, EnumText.Find<T>(word)!.Value), meaning, group);

    private static HyperparameterChoice OwnChoice<T>(
        string name, string title, Func<Hyperparameters, T?> value, Func<Hyperparameters, T?, Hyperparameters> set, string meaning, HyperparameterGroup group,
        params string[] titles) where T : struct, Enum =>
        new(name, title, [s_own, .. Options<T>(titles)], h => value(h) is { } chosen ? EnumText.Of(chosen) : HyperparameterInfo.Own,
            (h, word) => set(h, word == HyperparameterInfo.Own ? null : EnumText.Find<T>(word)), meaning, group);

    private static HyperparameterOption[] Options<T>(string[] titles) where T : struct, Enum =>
        [.. EnumText.All<T>().Zip(titles, (word, title) => new HyperparameterOption(word, title))];
}
