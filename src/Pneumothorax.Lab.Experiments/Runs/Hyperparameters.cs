namespace Pneumothorax.Lab.Experiments.Runs;

/// <summary>What a student sets before a run. <see cref="Ranges"/> says of every property what it may be.</summary>
public sealed record Hyperparameters
{
    /// <summary>Images in one step.</summary>
    public int BatchSize { get; init; } = 15;

    public double LearningRate { get; init; } = 0.05;

    /// <summary>Optimizer updates, counted from 1 over the run.</summary>
    public int Steps { get; init; } = 600;

    /// <summary>
    /// Passes over the training images, instead of <see cref="Steps"/>: a way to ask, which <see cref="Resolve"/> turns into steps
    /// when the number of images is known. Null from then on.
    /// </summary>
    public int? Epochs { get; init; }

    /// <summary>Decides initial weights, the order of images, augmentation and dropout: same seed, same machine, same losses.</summary>
    public int Seed { get; init; } = 1;

    public Optimizer Optimizer { get; init; } = Optimizer.Nesterov;

    /// <summary>Share of the step before that goes on, for <see cref="Optimizer.Momentum"/> and <see cref="Optimizer.Nesterov"/>; 0 is plain gradient descent.</summary>
    public double Momentum { get; init; } = 0.9;

    public Schedule Schedule { get; init; } = Schedule.Constant;

    /// <summary>Steps in which the rate rises evenly to its full height, before the schedule begins; 0 for none.</summary>
    public int WarmUpSteps { get; init; }

    /// <summary>For <see cref="Schedule.Step"/>: steps between two changes of the rate.</summary>
    public int StepEvery { get; init; } = 1000;

    /// <summary>For <see cref="Schedule.Step"/>: what the rate is multiplied by.</summary>
    public double StepFactor { get; init; } = 0.1;

    /// <summary>Pull of all weights towards 0, as in PyTorch: added to the gradient, but with <see cref="Optimizer.AdamW"/> to the weights.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Share of each label that is spread evenly over both classes.</summary>
    public double LabelSmoothing { get; init; }

    public ClassWeighting ClassWeighting { get; init; } = ClassWeighting.None;

    /// <summary>A new order of the images every epoch. Off: always the order of the file, as the notebook did.</summary>
    public bool Shuffle { get; init; } = true;

    // Augmentation: how strong each is stands in Augmentation.
    public bool Flip { get; init; }
    public bool Rotate { get; init; }
    public bool Shift { get; init; }
    public bool Scale { get; init; }
    public bool Exposure { get; init; }

    public Precision Precision { get; init; } = Precision.Full;

    /// <summary>Ends the run after so many validation figures without a higher AUROC; 0 for never.</summary>
    public int EarlyStopping { get; init; }

    /// <summary>Steps between two validation figures.</summary>
    public int ValidationEvery { get; init; } = 10;

    /// <summary>Steps between two checkpoints; the last step always has one.</summary>
    public int CheckpointEvery { get; init; } = 100;

    // Recordings change nothing that a run learns: the weights are the same to the bit with and without them.

    /// <summary>Keeps the class activation maps of four validation images as training goes on.</summary>
    public bool RecordImages { get; init; }

    /// <summary>Keeps how weights and gradients of every layer are spread as training goes on.</summary>
    public bool RecordDistributions { get; init; }

    // Variations of the network that the run names; null is that network's own. NetworkSpec.With applies them.

    /// <summary>Side of the square images that the network sees.</summary>
    public int? InputSize { get; init; }

    /// <summary>Feature maps of the first block; the other blocks keep their proportion to it.</summary>
    public int? Width { get; init; }

    /// <summary>How many blocks; further ones double the channels up to 512.</summary>
    public int? Blocks { get; init; }

    /// <summary>Side of every block's kernels.</summary>
    public int? Kernel { get; init; }

    public Skip? Skip { get; init; }

    public Normalization? Normalization { get; init; }

    /// <summary>Share of the averaged feature maps that each training step leaves out.</summary>
    public double? Dropout { get; init; }

    /// <returns>One sentence a value that is out of range, such as "Batch size goes from 1 to 128, not 0."; empty when all is well.</returns>
    public IReadOnlyList<string> Problems() => [.. from info in Ranges.All let problem = info.Problem(this) where problem is not null select problem];

    /// <summary>The same, and what goes wrong between these values and a network.</summary>
    /// <param name="network">As it is named, without the variations that are asked for here.</param>
    public IReadOnlyList<string> Problems(Networks.NetworkSpec network)
    {
        var problems = Problems();
        return problems.Count == 0 && network.With(this).Problem(this) is { } problem ? [problem] : problems;
    }

    /// <summary>Turns epochs, where they are set, into steps: the last epoch is filled up to a whole batch.</summary>
    /// <param name="trainingImages">Images that one epoch shows.</param>
    /// <exception cref="ArgumentException">More steps than a run may have; the message says how many epochs would fit.</exception>
    public Hyperparameters Resolve(int trainingImages)
    {
        if (Epochs is not { } epochs) return this;

        var steps = ((long)epochs * trainingImages + BatchSize - 1) / BatchSize;
        if (steps > Ranges.Steps.Most)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{epochs} epochs of {trainingImages} images are {steps} steps of {BatchSize}, but a run can have at most {Ranges.Steps.Most}. {(long)Ranges.Steps.Most * BatchSize / trainingImages} epochs fit."));
        }
        return this with { Steps = (int)Math.Max(steps, 1), Epochs = null };
    }

    /// <summary>The rate of one update: warm-up first, then the schedule over what is left.</summary>
    /// <param name="step">Counted from 1.</param>
    public double LearningRateAt(int step)
    {
        if (step <= WarmUpSteps) return LearningRate * step / WarmUpSteps;

        var after = step - 1 - WarmUpSteps;
        return LearningRate * Schedule switch
        {
            Schedule.Step => Math.Pow(StepFactor, after / StepEvery),
            Schedule.Cosine => (1 + Math.Cos(Math.PI * after / (Steps - WarmUpSteps))) / 2,
            _ => 1,
        };
    }
}
