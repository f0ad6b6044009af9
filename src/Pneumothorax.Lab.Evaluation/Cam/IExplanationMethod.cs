using Pneumothorax.Lab.Experiments.Runs;

namespace Pneumothorax.Lab.Evaluation.Cam;

/// <summary>A way of asking a trained network where in the image its answer comes from.</summary>
public interface IExplanationMethod
{
    /// <summary>In addresses: "grad-cam".</summary>
    string Word { get; }

    /// <summary>As its paper calls it.</summary>
    string Title { get; }

    /// <summary>What its values mean: "logit units".</summary>
    string Unit { get; }

    /// <summary>What one learns from it beside the others, in a sentence or two.</summary>
    string Lesson { get; }

    /// <param name="block">What the last block made of one image.</param>
    /// <param name="target">The answer that is explained; also by methods that ask for gradients or leave channels out.</param>
    /// <returns>Side x Side, row by row.</returns>
    float[] Map(LastBlock block, MapTarget target);
}
