using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Learning.Native;
using Pneumothorax.Lab.Learning.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Pneumothorax.Lab.Learning.Training;

/// <summary>Changes weights by their gradients; its buffers are part of every checkpoint.</summary>
/// <remarks>
/// The laws are those of PyTorch's SGD, Adam and AdamW; Nesterov is also that of TensorFlow's MomentumOptimizer(use_nesterov=True).
/// The only state is the buffers: how many updates there were is the number of the step.
/// Why every number has a variable: <see cref="ScalarPool"/>.
/// Sources: Sutskever et al., ICML 2013; Kingma and Ba, ICLR 2015; Loshchilov and Hutter, ICLR 2019.
/// </remarks>
internal sealed class OptimizerUpdate : IDisposable
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.999;
    private const double Epsilon = 1e-8;

    private readonly Hyperparameters _hyperparameters;
    private readonly Parameter[] _parameters;

    public OptimizerUpdate(LabNetwork network, Hyperparameters hyperparameters)
    {
        _hyperparameters = hyperparameters;
        _parameters = [.. network.named_parameters().Select(named => new Parameter(
            named.name, named.parameter, [.. BufferNames.Select(_ => zeros_like(named.parameter, requires_grad: false).DetachFromDisposeScope())]))];
    }

    /// <summary>Buffers under the names of their parameters and PyTorch's word for them; they stay this object's.</summary>
    public IReadOnlyDictionary<string, Tensor> Buffers =>
        _parameters.SelectMany(parameter => BufferNames.Zip(parameter.Buffers, (name, buffer) => (Name: $"{parameter.Name}.{name}", Buffer: buffer)))
            .ToDictionary(pair => pair.Name, pair => pair.Buffer);

    private string[] BufferNames => _hyperparameters.Optimizer switch
    {
        Optimizer.Sgd => [],
        Optimizer.Momentum or Optimizer.Nesterov => ["momentum_buffer"],
        _ => ["exp_avg", "exp_avg_sq"],
    };

    /// <summary>Forgets the gradients of the step before.</summary>
    public void ZeroGradients()
    {
        foreach (var parameter in _parameters)
        {
            using var gradient = parameter.Weight.grad;
            gradient?.zero_();
        }
    }

    /// <summary>One update from the gradients that a backward pass left.</summary>
    /// <param name="step">Counted from 1: decides the rate, and how far Adam's running means have got.</param>
    public void Step(int step)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var rate = _hyperparameters.LearningRateAt(step);
        using Scalar decay = _hyperparameters.WeightDecay, shrunk = 1 - rate * _hyperparameters.WeightDecay;
        foreach (var (_, weight, _) in _parameters)
        {
            if (_hyperparameters.WeightDecay == 0) break;
            if (_hyperparameters.Optimizer == Optimizer.AdamW) weight.mul_(shrunk);
            else weight.grad!.add_(weight, alpha: decay);
        }
        if (_hyperparameters.Optimizer is Optimizer.Adam or Optimizer.AdamW) StepOfAdam(rate, step);
        else StepOfMomentum(rate);
    }

    private void StepOfMomentum(double rate)
    {
        using Scalar back = -rate, momentum = _hyperparameters.Momentum;
        foreach (var (_, weight, buffers) in _parameters)
        {
            var gradient = weight.grad!;
            if (_hyperparameters.Optimizer == Optimizer.Sgd)
            {
                weight.add_(gradient, alpha: back);
                continue;
            }
            buffers[0].mul_(momentum).add_(gradient, alpha: ScalarPool.One);
            weight.add_(_hyperparameters.Optimizer == Optimizer.Nesterov ? gradient.add_(buffers[0], alpha: momentum) : buffers[0], alpha: back);
        }
    }

    private void StepOfAdam(double rate, int step)
    {
        using Scalar first = FirstDecay, fresh = 1 - FirstDecay, second = SecondDecay, freshSquare = 1 - SecondDecay, epsilon = Epsilon,
            correction = Math.Sqrt(1 - Math.Pow(SecondDecay, step)), back = -rate / (1 - Math.Pow(FirstDecay, step));
        foreach (var (_, weight, buffers) in _parameters)
        {
            var (gradient, mean, square) = (weight.grad!, buffers[0], buffers[1]);
            mean.mul_(first).add_(gradient, alpha: fresh);
            square.mul_(second).addcmul_(gradient, gradient, freshSquare);
            weight.addcdiv_(mean, square.sqrt().div_(correction).add_(epsilon), back);
        }
    }

    public void Dispose()
    {
        foreach (var buffer in _parameters.SelectMany(parameter => parameter.Buffers)) buffer.Dispose();
    }

    private sealed record Parameter(string Name, Tensor Weight, Tensor[] Buffers);
}
